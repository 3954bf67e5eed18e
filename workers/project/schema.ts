import { MaskletError } from '../../src/core/errors.ts';
import { single, type Database } from './database.ts';

/** Marks a SQLite file as a project: `Mskl` in ASCII. */
export const APPLICATION_ID = 0x4d736b6c;

/**
 * What makes each version of the schema from the one before; a released one never changes. `docs/projects.md` describes the tables.
 */
const MIGRATIONS: readonly string[] = [
  `
  create table project (key text primary key, value text not null) without rowid;
  create table step (position integer primary key, label text not null);
  create table settings_version (
    object integer not null default 0, frame integer not null default 0, first integer not null, last integer,
    value text not null,
    primary key (object, frame, first)
  ) without rowid;
  create table object_version (
    object integer not null, frame integer not null default 0, first integer not null, last integer,
    place integer not null, name text not null, color text not null, locked text not null, more text,
    primary key (object, frame, first)
  ) without rowid;
  create table prompt_version (
    object integer not null, frame integer not null, first integer not null, last integer,
    points text not null, box text, mask text, prior text, reading integer, decoded integer not null, more text,
    primary key (object, frame, first)
  ) without rowid;
  create table mask_version (
    object integer not null, frame integer not null, first integer not null, last integer,
    status text not null, score real not null, origin integer, agreement real, more text, rle text not null,
    primary key (object, frame, first)
  ) without rowid;
  create table shot (frame integer primary key);
  create table thumbnail (frame integer primary key, picture blob not null);
  create view present (position) as select cast(value as integer) from project where key = 'present';
  create view object as
    select object as id, place, name, color, locked, more from object_version, present
    where first <= position and (last is null or last >= position);
  create view prompt as
    select object, frame, points, box, mask, prior, reading, decoded, more from prompt_version, present
    where first <= position and (last is null or last >= position);
  create view mask as
    select object, frame, status, score, origin, agreement, more, rle from mask_version, present
    where first <= position and (last is null or last >= position);
  `,
  `
  create table doubt (object integer not null, frame integer not null, doubt text not null, primary key (object, frame)) without rowid;
  `,
  `
  create table run (id integer primary key, at integer not null, label text not null, bytes integer not null);
  create table run_object (
    run integer not null, object integer not null,
    place integer not null, name text not null, color text not null, locked text not null, more text,
    primary key (run, object)
  ) without rowid;
  create table run_prompt (
    run integer not null, object integer not null, frame integer not null,
    points text not null, box text, mask text, prior text, reading integer, decoded integer not null, more text,
    primary key (run, object, frame)
  ) without rowid;
  create table run_mask (
    run integer not null, object integer not null, frame integer not null,
    status text not null, score real not null, origin integer, agreement real, more text, rle text not null,
    primary key (run, object, frame)
  ) without rowid;
  `,
  `
  create table log (
    at integer primary key, kind text not null, what text not null, detail text,
    frame integer, object integer, count integer not null, active integer not null
  );
  `,
  `
  create table waiting (id integer primary key, frame integer not null, name text not null, score real not null, rle text not null);
  `,
  `
  create table provenance (id integer primary key, origin text not null, model text, version text);
  alter table mask_version add column provenance integer;
  alter table run_mask add column provenance integer;
  alter table waiting add column model text;
  alter table waiting add column version text;
  drop view mask;
  create view mask as
    select object, frame, status, score, mask_version.origin as origin, agreement, more, rle,
      provenance.origin as made, provenance.model as model, provenance.version as model_version
    from present, mask_version left join provenance on provenance.id = mask_version.provenance
    where first <= position and (last is null or last >= position);
  `,
];

/** The version of the schema that this app writes. */
export const SCHEMA_VERSION = MIGRATIONS.length;

/**
 * Makes a database a project of this version: an empty one gets the tables, an older one is brought up to date, all at once or not at all.
 * One that is no project, or is newer, is not touched.
 *
 * @throws `project-newer`, `file-not-project`
 */
export function prepareSchema(database: Database): void {
  const version = Number(single(database, 'pragma user_version') ?? 0);
  const application = Number(single(database, 'pragma application_id') ?? 0);
  const isEmpty = Number(single(database, 'select count(*) from sqlite_schema') ?? 0) === 0;
  if (!isEmpty && application !== APPLICATION_ID)
    throw new MaskletError('file-not-project', 'This file is a database, but not a project of Masklet.');
  if (version > SCHEMA_VERSION)
    throw new MaskletError(
      'project-newer',
      'This project was saved by a newer version of Masklet. It was left as it is. Reload the page to get that version, then open it again.',
    );
  if (version === SCHEMA_VERSION) return;
  database.transaction(() => {
    for (const migration of MIGRATIONS.slice(version)) database.exec(migration);
    database.exec(`pragma application_id = ${APPLICATION_ID}; pragma user_version = ${SCHEMA_VERSION};`);
  });
}
