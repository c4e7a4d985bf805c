import type { ThemeConfig } from 'antd';

/** antd's tokens, in step with ui/tokens.css. No hash, and a fixed key, so that the sheet made at build time fits. */
export const themeKey = 'desk';

export const theme: ThemeConfig = {
  cssVar: { key: themeKey },
  hashed: false,
  zeroRuntime: true,
  token: {
    colorPrimary: '#9c3b2e',
    colorLink: '#9c3b2e',
    colorInfo: '#2c5a78',
    colorSuccess: '#2d6a47',
    colorWarning: '#7d5300',
    colorError: '#9c3b2e',
    colorText: '#22252a',
    colorTextSecondary: '#555a61',
    colorTextTertiary: '#5f646b',
    colorTextQuaternary: '#6b6f76',
    colorTextPlaceholder: '#6b6f76',
    colorBgLayout: '#f5f3ef',
    colorBorder: '#c9c5bd',
    colorBorderSecondary: '#e4e0d9',
    borderRadius: 6,
    fontSize: 14,
    fontFamily:
      '-apple-system, BlinkMacSystemFont, "PingFang SC", "HarmonyOS Sans SC", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", sans-serif',
    motion: false,
  },
  components: { Table: { cellPaddingBlockMD: 9, headerBg: '#efece6', rowSelectedBg: '#fcf8f6', rowSelectedHoverBg: '#faf4f1' } },
};
