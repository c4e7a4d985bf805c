// @vitest-environment happy-dom
import 'fake-indexeddb/auto';
import { beforeEach, describe, expect, it } from 'vitest';
import { newId } from '../../api/id';
import { Problem } from '../../api/problem';
import type { Answer, Command } from '../../api/types';
import { database } from '../../offline/db';
import { drop, enqueue, flush, queued, type Post } from '../../offline/outbox';
import { attach } from '../../ui/attachment';

const command = (verb: string, subject?: string): Command => ({
  id: newId(),
  verb,
  fields: { text: verb },
  happened_at: '2026-11-25T09:00:00+08:00',
  ...(subject ? { subject, rev: 3 } : {}),
});
const add = async (one: Command, files = {}) => await enqueue(await database(), { command: one, title: one.verb, detail: '' }, files);

/** A server that answers each command as told, and notes what it got. */
function server(answer: (one: Command) => Partial<Answer>): Post & { got: Command[] } {
  const got: Command[] = [];
  return {
    got,
    file: () => Promise.resolve(['hash']),
    batch: (commands) => {
      got.push(...commands);
      return Promise.resolve(commands.map((one) => ({ id: one.id, status: 200, body: {}, ...answer(one) })));
    },
  };
}
const offline: Post = { file: () => Promise.reject(new Problem(0, {})), batch: () => Promise.reject(new Problem(0, {})) };

beforeEach(async () => {
  const db = await database();
  await Promise.all([db.clear('queue'), db.clear('files')]);
});

describe('the queue', () => {
  it('keeps everything, in order, while there is no network', async () => {
    const db = await database();
    await add(command('settle_on_spot'));
    await add(command('reply', 'case-1'));
    await expect(flush(db, offline)).rejects.toBeInstanceOf(Problem);
    expect((await queued(db)).map(({ title }) => title)).toEqual(['settle_on_spot', 'reply']);
  });

  it('lets go of a command only when the server says that it is done', async () => {
    const db = await database();
    const [done, busy] = [command('settle_on_spot'), command('settle_on_spot')];
    await add(done);
    await add(busy);
    const sent = await flush(
      db,
      server(({ id }) => ({ status: id === done.id ? 201 : 503 })),
    );
    expect(sent.map(({ queued: { id } }) => id)).toEqual([done.id]);
    expect((await queued(db)).map(({ id, state }) => [id, state])).toEqual([[busy.id, 'waiting']]);
  });

  it('keeps a refused one with its reason, and does not send it again by itself', async () => {
    const db = await database();
    await add(command('reply', 'case-1'));
    await flush(
      db,
      server(() => ({ status: 409, body: { code: 'not_open', title: '这件事眼下还不能办这一步' } })),
    );
    expect(await queued(db)).toMatchObject([{ state: 'refused', reason: '这件事眼下还不能办这一步' }]);
    const again = server(() => ({}));
    await flush(db, again);
    expect(again.got).toEqual([]);
  });

  it('says `after` where the rev is not known yet, and keeps what is blocked', async () => {
    const db = await database();
    const [first, second] = [command('accept', 'case-1'), command('reply', 'case-1')];
    await add(first);
    await add(second);
    const post = server(({ id }) =>
      id === first.id ? { status: 422, body: { title: '…' } } : { status: 409, body: { code: 'blocked_by' } },
    );
    await flush(db, post);
    expect(post.got[1]).toMatchObject({ after: first.id });
    expect(post.got[1]).not.toHaveProperty('rev');
    expect((await queued(db)).map(({ state }) => state)).toEqual(['refused', 'blocked']);
    await drop(db, first.id);
    const [left] = await queued(db);
    expect(left).toMatchObject({ id: second.id, state: 'waiting' });
    expect(left?.command).not.toHaveProperty('after');
  });

  it('sends files before their command, each once, even when cut in between', async () => {
    const db = await database();
    await add(command('settle_on_spot'), { files: [attach(new Blob(['a']), 'image'), attach(new Blob(['b']), 'audio')] });
    let files = 0;
    const cut: Post = {
      file: () => ((files += 1) === 2 ? Promise.reject(new Problem(0, {})) : Promise.resolve([`hash${files}`])),
      batch: () => Promise.reject(new Error('too early')),
    };
    await expect(flush(db, cut)).rejects.toBeInstanceOf(Problem);
    const post = server(() => ({ status: 201 }));
    post.file = () => Promise.resolve([`hash${(files += 1)}`]);
    await flush(db, post);
    expect(post.got[0]?.fields.files).toEqual(['hash1', 'hash3']);
    expect(await db.count('files')).toBe(0);
    expect(await queued(db)).toEqual([]);
  });
});
