"""Requests as they come from villages: texts of many shapes, people, places, all six kinds of trouble but talks."""
import json
import urllib.parse

SUBJECTS = ['村口老井旁', '后吴寨东头第三户', '文化广场西侧', '小学门前路段', '王大爷家门口', '卫生室旁边巷子', '养殖场北边', '五保户李奶奶家', '镇村道路拐弯处', '大塘埂上']
TROUBLES = ['路灯连着三天不亮，晚上老人出门看不见路', '排水沟堵了，一下雨水就往院里倒灌', '两家为宅基地边上一棵树争起来，说话难听', '生活垃圾堆了快一个星期没有人清运，味道很大',
            '自来水断断续续，做饭都成问题', '电线离屋顶太近，刮风的时候直冒火花', '老人一个人在家，腿脚不便，药快吃完了', '收麦子的时候地界石被挪动，双方都不肯让',
            '井盖破了一个大口子，孩子放学从这里过', '房顶漏雨，屋里没有一块干的地方，请村里来看一看怎么办']
WISHES = ['请尽快派人来看。', '希望这两天能有个说法。', '麻烦红管家过来一趟。', '已经同邻居说过，没有结果。', '电话随时能打通。', '']
SURNAMES = list('王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向')
GIVEN = [a + b for a in '建国志明秀兰桂英海春红玉国文德永金新小大' for b in '华军强平芳英霞珍明亮龙林生梅云波涛峰刚辉']


def choices(pack):
    """A member of a body for each kind and category that the pack knows."""
    found = []
    for kind, row in pack['kinds'].items():
        for top in row['categories']:
            found += [f'"kind":"{kind}","category":"{c["code"]}"' for c in top.get('children', [top])]
    return found


def report(actors, pack):
    """POST /cases by whoever works in the units: one person in most, as village cases have."""
    body = ('{"unit":"{{unit}}",{{what}},"text":"{{subject}}{{trouble}}，{{wish}}第{{#6}}号","place":"{{subject}}"%s}')
    person = ',"persons":[{"role":"reporter","name":"{{surname}}{{given}}","phone":"13{{#9}}"}]'
    two = ',"persons":[{"role":"reporter","name":"{{surname}}{{given}}","phone":"13{{#9}}"},{"role":"party","side":1,"name":"{{surname}}{{given}}","phone":"15{{#9}}"}]'
    common = {'method': 'POST', 'path': '/api/v1/cases', 'token': '{{token}}', 'key': True}
    return {
        'rows': [{'token': a['token'], 'unit': unit} for a in actors for unit in a['units']],
        'lists': {'what': choices(pack), 'subject': SUBJECTS, 'trouble': TROUBLES, 'wish': WISHES, 'surname': SURNAMES, 'given': GIVEN},
        'requests': [{'weight': 1, **common, 'body': body % ''},
                     {'weight': 5, **common, 'body': body % person},
                     {'weight': 4, **common, 'body': body % two}],
    }


def read_cases(pairs):
    """GET /cases/{id}: (token, id) of who may see it."""
    return {'rows': [{'token': t, 'id': i} for t, i in pairs], 'lists': {},
            'requests': [{'weight': 1, 'method': 'GET', 'path': '/api/v1/cases/{{id}}', 'token': '{{token}}'}]}


def inbox(tokens):
    """What lies on the desk: the fifty due first, mostly unfiltered."""
    path = '/api/v1/cases?view=open&limit=50'
    return {'rows': [{'token': t} for t in tokens], 'lists': {'state': ['reported', 'accepted', 'working'], 'kind': ['dispute', 'request', 'hazard']},
            'requests': [{'weight': 6, 'method': 'GET', 'path': path, 'token': '{{token}}'},
                         {'weight': 3, 'method': 'GET', 'path': path + '&state={{state}}', 'token': '{{token}}'},
                         {'weight': 1, 'method': 'GET', 'path': path + '&kind={{kind}}', 'token': '{{token}}'}]}


def figures(token, unit, year):
    return {'rows': [{'token': token}], 'lists': {},
            'requests': [{'weight': 1, 'method': 'GET', 'path': f'/api/v1/figures?unit={unit}&from={year}-01-01&to={year}-12-31', 'token': '{{token}}'}]}


def searches(tokens, words):
    """GET /search: the newest fifty with one of these words, in the reach of who asks."""
    return {'rows': [{'token': t} for t in tokens], 'lists': {'word': [urllib.parse.quote(w) for w in words]},
            'requests': [{'weight': 1, 'method': 'GET', 'path': '/api/v1/search?limit=50&q={{word}}', 'token': '{{token}}'}]}


def suggestions(officers, texts):
    """POST /suggest: what an officer's page asks while a call is typed."""
    return {'rows': [{'token': a['token'], 'unit': a['unit']} for a in officers], 'lists': {'text': [json.dumps(t, ensure_ascii=False)[1:-1] for t in texts]},
            'requests': [{'weight': 1, 'method': 'POST', 'path': '/api/v1/suggest', 'token': '{{token}}', 'body': '{"text":"{{text}}","unit":"{{unit}}"}'}]}


def health():
    return {'rows': [], 'lists': {}, 'requests': [{'weight': 1, 'method': 'GET', 'path': '/healthz'}]}
