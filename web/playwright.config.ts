import { defineConfig, devices } from '@playwright/test';

// Runs against a server that is already there and holds the demo: LIUXIAO_URL, as `make demo` serves it.
export default defineConfig({
  testDir: 'test/e2e',
  outputDir: 'test-results',
  timeout: 60_000,
  workers: 1, // one server, one order of events
  reporter: [['list']],
  use: {
    baseURL: process.env.LIUXIAO_URL ?? 'http://127.0.0.1:8080',
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
    trace: 'retain-on-failure',
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      args: ['--no-sandbox', '--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'],
    },
  },
  projects: [
    { name: 'phone', testMatch: /(portal|phone|spoken|visits)\.spec/, use: { ...devices['Pixel 5'], viewport: { width: 390, height: 844 } } },
    {
      name: 'desktop',
      testMatch: /(bulk|care|desk|disputes|duties|handling|journey|ledgers|papers|people|requests|standins|watch|weeks)\.spec/,
      use: { viewport: { width: 1440, height: 900 } },
    },
    { name: 'small', testMatch: /narrow\.spec/, use: { viewport: { width: 320, height: 640 }, hasTouch: true } },
  ],
});
