-- What calls have in common with calls of other tasks, for rules that count them together. Written when a call begins.
create table call_subject (
    subject  uuid        not null,                       -- digest of a rule's `per` and of its value
    task_id  uuid        not null,
    address  uuid        not null,                       -- of the call
    tool     text        not null,
    began_at timestamptz not null,

    constraint call_subject_pkey primary key (subject, task_id, address)
);
create index call_subject_window on call_subject (subject, began_at);
