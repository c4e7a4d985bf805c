#!/usr/bin/env python3
"""Makes the tables that the browser's tests upload: nobody in them is real."""
import os
import zipfile
from xml.sax.saxutils import escape

HERE = os.path.dirname(os.path.abspath(__file__))
NAMES = ['工单编号', '来电时间', '办结时间', '村居', '诉求类别', '诉求内容', '诉求人', '联系电话', '办理结果']
ROWS = [
    ['ZW-RX0000-01', '2024/3/5 9:30', '2024/3/7 16:00', '吴寨村', '路灯', '村口路灯不亮，晚上看不见', '吴大明', '13900001111', '已换灯泡'],
    ['ZW-RX0000-02', '2024/3/6 10:00', '2024/3/9 11:20', '吴寨村', '路灯', '学校门口两盏路灯坏了', '吴小红', '', '已修好'],
    ['ZW-RX0000-03', '2024/4/1 8:00', '2024/4/2 9:15', '前吴寨', '环境卫生', '路边堆了建筑垃圾', '', '', '已清运'],
    ['ZW-RX0000-04', '2024/4/8 15:00', '', '前吴寨', '环境卫生', '水沟堵了，有气味', '李某', '13900002222', ''],
    ['ZW-RX0000-05', '四月九号', '', '吴寨村', '路灯', '灯杆歪了', '', '', ''],
    ['ZW-RX0000-06', '2024/4/20 9:00', '2024/4/10 9:00', '吴寨村', '路灯', '先办结后来电的一件', '', '', '已修好'],
]


def csv_text(rows):
    quoted = [[f'"{v}"' if ',' in v else v for v in row] for row in rows]
    return '\r\n'.join(','.join(row) for row in quoted) + '\r\n'


def hotline():
    above = [['正午镇 12345 热线工单'] + [''] * 8, ['填报单位：镇便民中心', '', '', '填报日期：2024-05-01'] + [''] * 5]
    with open(os.path.join(HERE, 'hotline.csv'), 'wb') as f:
        f.write(csv_text(above + [NAMES] + ROWS).encode('gb18030'))


def sheet(rows):
    lines = []
    for y, row in enumerate(rows, 1):
        cells = ''.join(f'<c r="{chr(65 + x)}{y}" t="inlineStr"><is><t>{escape(v)}</t></is></c>' if isinstance(v, str) else f'<c r="{chr(65 + x)}{y}"><v>{v}</v></c>'
                        for x, v in enumerate(row) if v != '')
        lines.append(f'<row r="{y}">{cells}</row>')
    return ('<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>' + ''.join(lines) + '</sheetData></worksheet>')


def notebook():
    """Dates are Excel's numbers: 45474 is 1 July 2024."""
    rows = [['日期', '村组', '纠纷类型', '情况', '当事人', '调处结果'],
            [45474.375, '前吴寨', '邻里纠纷', '两家为排水沟争吵', '吴甲', '当面说开'],
            [45480, '后吴寨', '婚姻家庭纠纷', '兄弟为赡养老人商量不成', '吴乙', '写了协议']]
    main, rel = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main', 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
    with zipfile.ZipFile(os.path.join(HERE, 'notebook.xlsx'), 'w', zipfile.ZIP_DEFLATED) as z:
        z.writestr('xl/workbook.xml', f'<workbook xmlns="{main}" xmlns:r="{rel}"><sheets><sheet name="填表说明" sheetId="1" r:id="rId1"/>'
                   '<sheet name="2024年" sheetId="2" r:id="rId2"/></sheets></workbook>')
        z.writestr('xl/_rels/workbook.xml.rels', '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
                   '<Relationship Id="rId1" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Target="worksheets/sheet2.xml"/></Relationships>')
        z.writestr('xl/worksheets/sheet1.xml', sheet([['请按月填报']]))
        z.writestr('xl/worksheets/sheet2.xml', sheet(rows))


hotline()
notebook()
