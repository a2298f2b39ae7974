import type { Db } from '../storage/index.js';

/** A student's phone. */
export interface Phone {
  userId: string;
  organisationId: string;
  /** Sealed in it: the push token. A registration of its own, so that it names this phone and no later one. */
  containerId: string;
  sealedToken: Buffer;
  /** All times in UTC milliseconds. */
  registeredAt: number;
  /** The last push; 0 for none. */
  pushedAt: number;
}

interface PhoneRow {
  user_id: string;
  organisation_id: string;
  container_id: string;
  push_token: Buffer;
  registered_at: number;
  pushed_at: number;
}

/** A push whose receipt is not in yet. */
export interface SentPush {
  ticket: string;
  userId: string;
  containerId: string;
  sentAt: number;
}

interface PushRow {
  ticket: string;
  user_id: string;
  container_id: string;
  sent_at: number;
}

export async function findPhone(db: Db, userId: string): Promise<Phone | null> {
  const row = await db<PhoneRow>('wallet_phones').where({ user_id: userId }).first();
  return row
    ? {
        userId: row.user_id,
        organisationId: row.organisation_id,
        containerId: row.container_id,
        sealedToken: row.push_token,
        registeredAt: row.registered_at,
        pushedAt: row.pushed_at,
      }
    : null;
}

export async function insertPhone(tx: Db, phone: Phone): Promise<void> {
  await tx<PhoneRow>('wallet_phones').insert({
    user_id: phone.userId,
    organisation_id: phone.organisationId,
    container_id: phone.containerId,
    push_token: phone.sealedToken,
    registered_at: phone.registeredAt,
    pushed_at: phone.pushedAt,
  });
}

/** Deletes a registration, and not one that took its place. False where it was gone. */
export async function deletePhone(tx: Db, { userId, containerId }: Pick<Phone, 'userId' | 'containerId'>) {
  return (await tx('wallet_phones').where({ user_id: userId, container_id: containerId }).delete()) === 1;
}

/** Takes the right to send a push at `now`. False where somebody had it after `since`. */
export async function takePush(tx: Db, userId: string, since: number, now: number): Promise<boolean> {
  const taken = await tx('wallet_phones')
    .where({ user_id: userId })
    .where('pushed_at', '<=', since)
    .update({ pushed_at: now });
  return taken === 1;
}

export async function insertPush(tx: Db, push: SentPush): Promise<void> {
  await tx<PushRow>('wallet_pushes').insert({
    ticket: push.ticket,
    user_id: push.userId,
    container_id: push.containerId,
    sent_at: push.sentAt,
  });
}

/** Pushes sent by `before`, the oldest first. */
export async function pushesBefore(db: Db, before: number, limit: number): Promise<SentPush[]> {
  const rows = await db<PushRow>('wallet_pushes')
    .where('sent_at', '<=', before)
    .orderBy('sent_at')
    .limit(limit);
  return rows.map((row) => ({
    ticket: row.ticket,
    userId: row.user_id,
    containerId: row.container_id,
    sentAt: row.sent_at,
  }));
}

export async function deletePushes(db: Db, tickets: readonly string[]): Promise<number> {
  return tickets.length === 0 ? 0 : db('wallet_pushes').whereIn('ticket', tickets).delete();
}

export async function deletePushesOf(tx: Db, userId: string): Promise<number> {
  return tx('wallet_pushes').where({ user_id: userId }).delete();
}
