-- Written by `make shape` from the migrations; do not edit.
CREATE TABLE account (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	code VARCHAR(64) NOT NULL,
	kind VARCHAR(16) NOT NULL,
	is_no_overdraft BOOLEAN NOT NULL,
	debits_rial BIGINT NOT NULL,
	credits_rial BIGINT NOT NULL,
	held_rial BIGINT NOT NULL,
	CONSTRAINT ck_account_credits_counted CHECK (credits_rial >= 0),
	CONSTRAINT ck_account_debits_counted CHECK (debits_rial >= 0),
	CONSTRAINT ck_account_held_counted CHECK (held_rial >= 0),
	CONSTRAINT ck_account_kind_known CHECK (kind IN ('asset', 'liability', 'income', 'expense')),
	CONSTRAINT ck_account_not_overdrawn CHECK (NOT is_no_overdraft OR credits_rial - debits_rial - held_rial >= 0),
	CONSTRAINT uq_account_code UNIQUE (code)
);
CREATE TABLE admin_chat (
	office_id VARCHAR(24) NOT NULL,
	chat_id BIGINT NOT NULL,
	bound_at DATETIME NOT NULL,
	CONSTRAINT pk_admin_chat PRIMARY KEY (office_id)
);
CREATE TABLE agreement_alert (
	id INTEGER NOT NULL,
	office_id VARCHAR(24) NOT NULL,
	agreement_id VARCHAR(24) NOT NULL,
	last_day DATE NOT NULL,
	mark SMALLINT NOT NULL,
	sent_at DATETIME NOT NULL,
	CONSTRAINT ck_agreement_alert_mark_known CHECK (mark >= -1),
	CONSTRAINT pk_agreement_alert PRIMARY KEY (id),
	CONSTRAINT uq_agreement_alert UNIQUE (office_id, agreement_id, last_day, mark)
);
CREATE TABLE agreement_end (
	office_id VARCHAR(24) NOT NULL,
	agreement_id VARCHAR(24) NOT NULL,
	reason VARCHAR(16) NOT NULL,
	document_ref VARCHAR(200) NOT NULL,
	ended_on DATE NOT NULL,
	entered_by BIGINT NOT NULL,
	entered_at DATETIME NOT NULL,
	CONSTRAINT ck_agreement_end_reason_known CHECK (reason IN ('instruction', 'circular', 'procedure')),
	CONSTRAINT ck_agreement_end_reference_given CHECK (document_ref <> ''),
	CONSTRAINT pk_agreement_end PRIMARY KEY (office_id, agreement_id)
);
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL,
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
CREATE TABLE asked_question (
	id BIGINT NOT NULL,
	asked_on DATE NOT NULL,
	office_id VARCHAR(24),
	text VARCHAR(1000) NOT NULL,
	outcome VARCHAR(16) NOT NULL,
	entry_id VARCHAR(64),
	CONSTRAINT ck_asked_question_outcome_known CHECK (outcome IN ('answered', 'clarified', 'unanswered', 'missed')),
	CONSTRAINT pk_asked_question PRIMARY KEY (id)
);
CREATE TABLE attendance (
	session_id INTEGER NOT NULL,
	registration_id INTEGER NOT NULL,
	presence VARCHAR(24) NOT NULL,
	noted_by VARCHAR(32) NOT NULL,
	noted_at DATETIME NOT NULL,
	CONSTRAINT ck_attendance_presence_known CHECK (presence IN ('present', 'late', 'absent', 'excused', 'technical_fault_office')),
	CONSTRAINT fk_attendance_registration_id_registration FOREIGN KEY(registration_id) REFERENCES registration (id),
	CONSTRAINT fk_attendance_session_id_workshop_session FOREIGN KEY(session_id) REFERENCES workshop_session (id),
	CONSTRAINT pk_attendance PRIMARY KEY (session_id, registration_id)
);
CREATE TABLE audit (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	at DATETIME NOT NULL,
	office_id VARCHAR(24) NOT NULL,
	actor_id BIGINT NOT NULL,
	actor_name VARCHAR(64) NOT NULL,
	role VARCHAR(16) NOT NULL,
	action VARCHAR(32) NOT NULL,
	subject VARCHAR(64) NOT NULL,
	note VARCHAR(500), "before" VARCHAR(64), "after" VARCHAR(64),
	CONSTRAINT ck_audit_role_known CHECK (role IN ('officer', 'finance', 'manager'))
);
CREATE TABLE audit_head (
	id SMALLINT NOT NULL,
	number BIGINT NOT NULL,
	digest BLOB NOT NULL,
	CONSTRAINT ck_audit_head_number_counted CHECK (number >= 0),
	CONSTRAINT ck_audit_head_only_one CHECK (id = 1),
	CONSTRAINT pk_audit_head PRIMARY KEY (id)
);
CREATE TABLE audit_link (
	number BIGINT NOT NULL,
	audit_id INTEGER NOT NULL,
	digest BLOB NOT NULL,
	CONSTRAINT ck_audit_link_number_counted CHECK (number > 0),
	CONSTRAINT fk_audit_link_audit_id_audit FOREIGN KEY(audit_id) REFERENCES audit (id),
	CONSTRAINT pk_audit_link PRIMARY KEY (number),
	CONSTRAINT uq_audit_link_audit_id UNIQUE (audit_id)
);
CREATE TABLE audited_night (
	night DATE NOT NULL,
	audited_at DATETIME NOT NULL,
	findings_count INTEGER NOT NULL,
	CONSTRAINT ck_audited_night_findings_counted CHECK (findings_count >= 0),
	CONSTRAINT pk_audited_night PRIMARY KEY (night)
);
CREATE TABLE ban (
	citizen_id BIGINT NOT NULL,
	office_id VARCHAR(24) NOT NULL,
	reason VARCHAR(200) NOT NULL,
	banned_by BIGINT NOT NULL,
	banned_at DATETIME NOT NULL,
	until DATETIME NOT NULL,
	CONSTRAINT ck_ban_by_another CHECK (banned_by <> citizen_id),
	CONSTRAINT ck_ban_ends_later CHECK (banned_at < until),
	CONSTRAINT pk_ban PRIMARY KEY (citizen_id, office_id)
);
CREATE TABLE bank_file (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	office_id VARCHAR(24) NOT NULL,
	kind VARCHAR(8) NOT NULL,
	state VARCHAR(8) NOT NULL,
	name VARCHAR(100) NOT NULL,
	received_at DATETIME NOT NULL,
	sent_by BIGINT,
	chat_id BIGINT,
	message_id BIGINT,
	file_id VARCHAR(255),
	digest VARCHAR(64),
	lines_count INTEGER NOT NULL,
	imported_at DATETIME,
	CONSTRAINT ck_bank_file_imported_when CHECK ((state = 'imported') = (imported_at IS NOT NULL)),
	CONSTRAINT ck_bank_file_kind_known CHECK (kind IN ('bank', 'gateway')),
	CONSTRAINT ck_bank_file_state_known CHECK (state IN ('received', 'imported', 'refused', 'lost'))
);
CREATE TABLE bank_finding (
	file_id INTEGER NOT NULL,
	seq INTEGER NOT NULL,
	outcome VARCHAR(16) NOT NULL,
	reference VARCHAR(128) NOT NULL,
	amount_rial BIGINT NOT NULL,
	booked_on DATE,
	other_rial BIGINT,
	code VARCHAR(10),
	CONSTRAINT ck_bank_finding_outcome_known CHECK (outcome IN ('matched', 'verified', 'paid', 'settled', 'suspense', 'repeated', 'amount_differs', 'missing', 'returned', 'unknown_out')),
	CONSTRAINT fk_bank_finding_file_id_bank_file FOREIGN KEY(file_id) REFERENCES bank_file (id),
	CONSTRAINT pk_bank_finding PRIMARY KEY (file_id, seq)
);
CREATE TABLE bank_line (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	office_id VARCHAR(24) NOT NULL,
	kind VARCHAR(8) NOT NULL,
	reference VARCHAR(128) NOT NULL,
	amount_rial BIGINT NOT NULL,
	is_in BOOLEAN NOT NULL,
	booked_on DATE NOT NULL,
	state VARCHAR(10) NOT NULL,
	file_id INTEGER NOT NULL,
	taken_at DATETIME NOT NULL,
	subject VARCHAR(64),
	journal_id VARCHAR(10),
	decided_by BIGINT,
	decided_at DATETIME,
	reason VARCHAR(200),
	CONSTRAINT ck_bank_line_amount_moved CHECK (amount_rial <> 0),
	CONSTRAINT ck_bank_line_came_in CHECK (is_in OR state = 'matched'),
	CONSTRAINT ck_bank_line_decided_when CHECK ((decided_by IS NULL) = (decided_at IS NULL)),
	CONSTRAINT ck_bank_line_kind_known CHECK (kind IN ('bank', 'gateway')),
	CONSTRAINT ck_bank_line_sent_back_why CHECK (state <> 'sent_back' OR reason IS NOT NULL),
	CONSTRAINT ck_bank_line_signed CHECK (is_in = (amount_rial > 0)),
	CONSTRAINT ck_bank_line_state_known CHECK (state IN ('matched', 'settled', 'suspense', 'claimed', 'sent_back')),
	CONSTRAINT fk_bank_line_file_id_bank_file FOREIGN KEY(file_id) REFERENCES bank_file (id),
	CONSTRAINT uq_bank_line_office_id_kind_reference_is_in UNIQUE (office_id, kind, reference, is_in)
);
CREATE TABLE case_clock (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	case_id INTEGER NOT NULL,
	kind VARCHAR(16) NOT NULL,
	started_at DATETIME NOT NULL,
	due_at DATETIME NOT NULL,
	met_at DATETIME,
	breached_at DATETIME,
	warned_at DATETIME,
	new_due_at DATETIME,
	extended_at DATETIME,
	late_count INTEGER NOT NULL,
	CONSTRAINT ck_case_clock_due_after_start CHECK (started_at < due_at),
	CONSTRAINT ck_case_clock_kind_known CHECK (kind IN ('first_response', 'next_response', 'resolution')),
	CONSTRAINT ck_case_clock_late_with_a_new_date CHECK ((breached_at IS NULL) = (new_due_at IS NULL) AND (breached_at IS NULL) = (extended_at IS NULL) AND (breached_at IS NULL) = (late_count = 0)),
	CONSTRAINT fk_case_clock_case_id_desk_case FOREIGN KEY(case_id) REFERENCES desk_case (id)
);
CREATE TABLE case_event (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	case_id INTEGER NOT NULL,
	at DATETIME NOT NULL,
	action VARCHAR(16) NOT NULL,
	actor_id BIGINT,
	role VARCHAR(8),
	note VARCHAR(2000),
	CONSTRAINT ck_case_event_action_known CHECK (action IN ('registered', 'words_added', 'words_revised', 'taken', 'released', 'replied', 'asked', 'noted', 'snoozed', 'woken', 'transferred', 'ended', 'closed', 'objected', 'reopened', 'escalated', 'merged', 'process_changed', 'deadline_moved', 'late', 'private')),
	CONSTRAINT ck_case_event_actor_in_a_role CHECK ((actor_id IS NULL) = (role IS NULL)),
	CONSTRAINT fk_case_event_case_id_desk_case FOREIGN KEY(case_id) REFERENCES desk_case (id)
);
CREATE TABLE case_message (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	case_id INTEGER NOT NULL,
	kind VARCHAR(8) NOT NULL,
	author_id BIGINT,
	text VARCHAR(2000) NOT NULL,
	said_at DATETIME NOT NULL,
	version INTEGER NOT NULL,
	source_chat_id BIGINT,
	source_message_id BIGINT,
	CONSTRAINT ck_case_message_kind_known CHECK (kind IN ('words', 'answer', 'asked', 'note')),
	CONSTRAINT ck_case_message_source_whole CHECK ((source_chat_id IS NULL) = (source_message_id IS NULL)),
	CONSTRAINT ck_case_message_version_counted CHECK (version > 0),
	CONSTRAINT fk_case_message_case_id_desk_case FOREIGN KEY(case_id) REFERENCES desk_case (id),
	CONSTRAINT uq_case_message_source_chat_id_source_message_id UNIQUE (source_chat_id, source_message_id)
);
CREATE TABLE case_message_version (
	message_id INTEGER NOT NULL,
	version INTEGER NOT NULL,
	text VARCHAR(2000) NOT NULL,
	said_at DATETIME NOT NULL,
	replaced_at DATETIME NOT NULL,
	CONSTRAINT fk_case_message_version_message_id_case_message FOREIGN KEY(message_id) REFERENCES case_message (id),
	CONSTRAINT pk_case_message_version PRIMARY KEY (message_id, version)
);
CREATE TABLE catalogue_change (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	office_id VARCHAR(24) NOT NULL,
	after_id INTEGER NOT NULL,
	version_id INTEGER,
	changed_by BIGINT,
	changed_at DATETIME NOT NULL,
	reason VARCHAR(1000) NOT NULL,
	CONSTRAINT fk_catalogue_change_version_id_catalogue_version FOREIGN KEY(version_id) REFERENCES catalogue_version (id),
	CONSTRAINT uq_catalogue_change_after UNIQUE (office_id, after_id)
);
CREATE TABLE catalogue_version (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	office_id VARCHAR(24) NOT NULL,
	state VARCHAR(16) NOT NULL,
	number INTEGER,
	reason VARCHAR(1000) NOT NULL,
	proposed_by BIGINT,
	proposed_at DATETIME NOT NULL,
	seen_change INTEGER NOT NULL,
	shipped_digest VARCHAR(16) NOT NULL,
	content BLOB,
	file_id VARCHAR(255),
	chat_id BIGINT,
	message_id BIGINT, workshops BLOB,
	CONSTRAINT ck_catalogue_version_applied_numbered CHECK (state <> 'applied' OR number > 0),
	CONSTRAINT ck_catalogue_version_numbered_stored CHECK (number IS NULL OR content IS NOT NULL),
	CONSTRAINT ck_catalogue_version_state_known CHECK (state IN ('received', 'refused', 'proposed', 'discarded', 'applied')),
	CONSTRAINT uq_catalogue_version_number UNIQUE (office_id, number)
);
CREATE TABLE chat_standing (
	chat_id BIGINT NOT NULL,
	unreachable VARCHAR(200),
	moved_to BIGINT,
	noted_at DATETIME NOT NULL,
	CONSTRAINT ck_chat_standing_one_fact CHECK ((unreachable IS NULL) <> (moved_to IS NULL)),
	CONSTRAINT pk_chat_standing PRIMARY KEY (chat_id)
);
CREATE TABLE circular (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	office_id VARCHAR(24) NOT NULL,
	number VARCHAR(60) NOT NULL,
	issued_on DATE,
	dispatched_at DATETIME NOT NULL,
	published_at DATETIME NOT NULL,
	summary VARCHAR(2000) NOT NULL,
	entered_by BIGINT NOT NULL,
	CONSTRAINT ck_circular_dispatched_first CHECK (dispatched_at <= published_at),
	CONSTRAINT uq_circular_number UNIQUE (office_id, number)
);
CREATE TABLE citizen (
	id BIGINT NOT NULL,
	language VARCHAR(8),
	office_id VARCHAR(24),
	topic_office_id VARCHAR(24),
	topic_service_id VARCHAR(24),
	topic_at DATETIME,
	changed_at DATETIME NOT NULL, muted VARCHAR(32),
	CONSTRAINT pk_citizen PRIMARY KEY (id)
);
CREATE TABLE closure (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	office_id VARCHAR(24) NOT NULL,
	scope VARCHAR(8) NOT NULL,
	first_on DATE NOT NULL,
	last_on DATE NOT NULL,
	windows VARCHAR(200) NOT NULL,
	reason VARCHAR(300) NOT NULL,
	source VARCHAR(300),
	made_by BIGINT NOT NULL,
	made_at DATETIME NOT NULL,
	withdrawn_at DATETIME,
	CONSTRAINT ck_closure_days_in_order CHECK (first_on <= last_on),
	CONSTRAINT ck_closure_scope CHECK (scope IN ('office', 'province', 'country'))
);
CREATE TABLE consent (
	citizen_id BIGINT NOT NULL,
	version INTEGER NOT NULL,
	language VARCHAR(8) NOT NULL,
	sha256 VARCHAR(64) NOT NULL,
	given_at DATETIME NOT NULL,
	CONSTRAINT ck_consent_version_counted CHECK (version > 0),
	CONSTRAINT pk_consent PRIMARY KEY (citizen_id, version)
);
CREATE TABLE credit_proposal (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	office_id VARCHAR(24) NOT NULL,
	subject VARCHAR(64) NOT NULL,
	citizen_id BIGINT NOT NULL,
	amount_rial BIGINT NOT NULL,
	reason VARCHAR(200) NOT NULL,
	state VARCHAR(8) NOT NULL,
	proposed_by BIGINT NOT NULL,
	proposed_at DATETIME NOT NULL,
	decided_by BIGINT,
	decided_at DATETIME,
	CONSTRAINT ck_credit_proposal_amount_in_range CHECK (amount_rial BETWEEN 1 AND 100000000),
	CONSTRAINT ck_credit_proposal_decided_by_somebody CHECK ((state = 'proposed') = (decided_by IS NULL)),
	CONSTRAINT ck_credit_proposal_decided_when CHECK ((state = 'proposed') = (decided_at IS NULL)),
	CONSTRAINT ck_credit_proposal_not_for_oneself CHECK (proposed_by <> citizen_id),
	CONSTRAINT ck_credit_proposal_state_known CHECK (state IN ('proposed', 'approved', 'rejected')),
	CONSTRAINT ck_credit_proposal_two_persons CHECK (state <> 'approved' OR decided_by NOT IN (proposed_by, citizen_id))
);
CREATE TABLE desk_case (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	registration_key VARCHAR(64) NOT NULL,
	tracking_code VARCHAR(10) NOT NULL,
	office_id VARCHAR(24) NOT NULL,
	service_id VARCHAR(24),
	service_version INTEGER NOT NULL,
	kind VARCHAR(16) NOT NULL,
	author_id BIGINT,
	language VARCHAR(8) NOT NULL,
	state VARCHAR(8) NOT NULL,
	first_response_minutes INTEGER NOT NULL,
	next_response_minutes INTEGER NOT NULL,
	resolution_minutes INTEGER NOT NULL,
	warn_minutes INTEGER NOT NULL,
	registered_at DATETIME NOT NULL,
	ending VARCHAR(16),
	ending_reason VARCHAR(2000),
	ended_at DATETIME,
	assignee_id BIGINT,
	assigned_at DATETIME,
	snoozed_until DATETIME,
	is_snoozed_until_reply BOOLEAN NOT NULL,
	is_process_changed BOOLEAN NOT NULL,
	merged_into INTEGER,
	question_id BIGINT,
	escalated_at DATETIME,
	CONSTRAINT ck_desk_case_assigned_when CHECK ((assignee_id IS NULL) = (assigned_at IS NULL)),
	CONSTRAINT ck_desk_case_ending_known CHECK (ending IN ('done', 'answered', 'cannot_be_done', 'withdrawn', 'merged')),
	CONSTRAINT ck_desk_case_kind_known CHECK (kind IN ('suggestion', 'criticism', 'complaint', 'praise', 'question', 'outage', 'credit_claim')),
	CONSTRAINT ck_desk_case_not_into_itself CHECK (merged_into <> id),
	CONSTRAINT ck_desk_case_over_with_an_ending CHECK ((state IN ('answered', 'closed')) = (ending IS NOT NULL AND ended_at IS NOT NULL)),
	CONSTRAINT ck_desk_case_reason_of_rejection CHECK (ending IS NULL OR ending <> 'cannot_be_done' OR ending_reason IS NOT NULL),
	CONSTRAINT ck_desk_case_response_before_resolution CHECK (first_response_minutes BETWEEN 1 AND resolution_minutes AND next_response_minutes BETWEEN 1 AND resolution_minutes AND warn_minutes > 0),
	CONSTRAINT ck_desk_case_state_known CHECK (state IN ('open', 'waiting', 'answered', 'closed')),
	CONSTRAINT ck_desk_case_version_counted CHECK (service_version > 0),
	CONSTRAINT fk_desk_case_merged_into_desk_case FOREIGN KEY(merged_into) REFERENCES desk_case (id),
	CONSTRAINT uq_desk_case_registration_key UNIQUE (registration_key),
	CONSTRAINT uq_desk_case_tracking_code UNIQUE (tracking_code)
);
CREATE TABLE dialogue (
	citizen_id BIGINT NOT NULL,
	chat_id BIGINT NOT NULL,
	name VARCHAR(32) NOT NULL,
	step VARCHAR(32) NOT NULL,
	draft BLOB NOT NULL,
	token VARCHAR(16) NOT NULL,
	expires_at DATETIME NOT NULL,
	CONSTRAINT pk_dialogue PRIMARY KEY (citizen_id, chat_id)
);
CREATE TABLE digest (
	id INTEGER NOT NULL,
	office_id VARCHAR(24) NOT NULL,
	kind VARCHAR(8) NOT NULL,
	covered_since DATETIME NOT NULL,
	covered_until DATETIME NOT NULL,
	sent_at DATETIME NOT NULL,
	CONSTRAINT ck_digest_in_order CHECK (covered_since < covered_until),
	CONSTRAINT ck_digest_kind_known CHECK (kind IN ('daily', 'weekly')),
	CONSTRAINT pk_digest PRIMARY KEY (id),
	CONSTRAINT uq_digest_since UNIQUE (office_id, kind, covered_since),
	CONSTRAINT uq_digest_until UNIQUE (office_id, kind, covered_until)
);
CREATE TABLE dismissed_question (
	office_id VARCHAR(24) NOT NULL,
	question_id BIGINT NOT NULL,
	dismissed_on DATE NOT NULL,
	CONSTRAINT pk_dismissed_question PRIMARY KEY (office_id, question_id)
);
CREATE TABLE erasure (
	number BIGINT NOT NULL,
	erased_on DATE NOT NULL,
	CONSTRAINT pk_erasure PRIMARY KEY (number)
);
CREATE TABLE firing (
	job VARCHAR(40) NOT NULL,
	slot INTEGER NOT NULL,
	fired_at DATETIME NOT NULL,
	CONSTRAINT pk_firing PRIMARY KEY (job, slot)
);
CREATE TABLE hold (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	account_id INTEGER NOT NULL,
	amount_rial BIGINT NOT NULL,
	posted_rial BIGINT NOT NULL,
	state VARCHAR(8) NOT NULL,
	reference VARCHAR(64) NOT NULL,
	reason VARCHAR(200) NOT NULL,
	actor VARCHAR(64) NOT NULL,
	at DATETIME NOT NULL,
	resolved_at DATETIME,
	CONSTRAINT ck_hold_amount_positive CHECK (amount_rial > 0),
	CONSTRAINT ck_hold_posted_something CHECK ((state = 'posted') = (posted_rial > 0)),
	CONSTRAINT ck_hold_posted_within CHECK (posted_rial BETWEEN 0 AND amount_rial),
	CONSTRAINT ck_hold_resolved_when CHECK ((state = 'open') = (resolved_at IS NULL)),
	CONSTRAINT ck_hold_state_known CHECK (state IN ('open', 'posted', 'voided')),
	CONSTRAINT fk_hold_account_id_account FOREIGN KEY(account_id) REFERENCES account (id),
	CONSTRAINT uq_hold_reference UNIQUE (reference)
);
CREATE TABLE inbox (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	bot_id BIGINT NOT NULL,
	update_id BIGINT NOT NULL,
	chat_key BIGINT NOT NULL,
	payload BLOB,
	state VARCHAR(4) NOT NULL,
	attempts SMALLINT NOT NULL,
	run_at DATETIME NOT NULL,
	error VARCHAR(200),
	received_at DATETIME NOT NULL,
	done_at DATETIME,
	CONSTRAINT ck_inbox_attempts CHECK (attempts >= 0),
	CONSTRAINT ck_inbox_state CHECK (state IN ('new', 'done', 'dead')),
	CONSTRAINT uq_inbox_bot_id_update_id UNIQUE (bot_id, update_id)
);
CREATE TABLE installation (
	id SMALLINT NOT NULL,
	platform VARCHAR(16) NOT NULL,
	bot_id BIGINT NOT NULL,
	settled_at DATETIME NOT NULL,
	CONSTRAINT ck_installation_only_one CHECK (id = 1),
	CONSTRAINT pk_installation PRIMARY KEY (id)
);
CREATE TABLE invitation (
	id INTEGER NOT NULL,
	token_digest BLOB NOT NULL,
	office_id VARCHAR(24) NOT NULL,
	role VARCHAR(16) NOT NULL,
	made_by BIGINT,
	expires_at DATETIME NOT NULL,
	accepted_by BIGINT,
	accepted_at DATETIME,
	CONSTRAINT ck_invitation_accepted_by_somebody CHECK ((accepted_by IS NULL) = (accepted_at IS NULL)),
	CONSTRAINT ck_invitation_role_known CHECK (role IN ('officer', 'finance', 'manager')),
	CONSTRAINT pk_invitation PRIMARY KEY (id),
	CONSTRAINT uq_invitation_token_digest UNIQUE (token_digest)
);
CREATE TABLE key_check (
	key_id INTEGER NOT NULL,
	sealed BLOB NOT NULL,
	index_digest BLOB NOT NULL,
	CONSTRAINT ck_key_check_key_id_in_range CHECK (key_id BETWEEN 1 AND 65535),
	CONSTRAINT pk_key_check PRIMARY KEY (key_id)
);
CREATE TABLE learner (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	guardian_id BIGINT NOT NULL,
	given_name BLOB NOT NULL,
	born_on DATE NOT NULL,
	is_self BOOLEAN NOT NULL,
	added_at DATETIME NOT NULL,
	removed_at DATETIME
);
CREATE TABLE learnt_answer (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	"key" VARCHAR(24) NOT NULL,
	version INTEGER NOT NULL,
	office_id VARCHAR(24) NOT NULL,
	service_id VARCHAR(24),
	facet VARCHAR(16) NOT NULL,
	question VARCHAR(1000) NOT NULL,
	answer VARCHAR(3000) NOT NULL,
	state VARCHAR(16) NOT NULL,
	author_id BIGINT NOT NULL,
	drafted_at DATETIME NOT NULL,
	reason VARCHAR(1000),
	approver_id BIGINT,
	decided_at DATETIME,
	CONSTRAINT ck_learnt_answer_approved_by_somebody CHECK (state <> 'approved' OR approver_id IS NOT NULL),
	CONSTRAINT ck_learnt_answer_facet_known CHECK (facet IN ('list', 'description', 'process', 'documents', 'cost', 'time', 'laws', 'access', 'hours', 'agreement', 'wallet')),
	CONSTRAINT ck_learnt_answer_state_known CHECK (state IN ('draft', 'approved', 'rejected', 'retired')),
	CONSTRAINT ck_learnt_answer_two_people CHECK (approver_id <> author_id),
	CONSTRAINT ck_learnt_answer_version_counted CHECK (version > 0),
	CONSTRAINT uq_learnt_answer_version UNIQUE ("key", version)
);
CREATE TABLE learnt_question (
	learnt_id INTEGER NOT NULL,
	question_id BIGINT NOT NULL,
	text VARCHAR(1000) NOT NULL,
	CONSTRAINT fk_learnt_question_learnt_id_learnt_answer FOREIGN KEY(learnt_id) REFERENCES learnt_answer (id),
	CONSTRAINT pk_learnt_question PRIMARY KEY (learnt_id, question_id)
);
CREATE TABLE make_up (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	workshop_id INTEGER NOT NULL,
	session_id INTEGER NOT NULL,
	state VARCHAR(12) NOT NULL,
	owed_at DATETIME NOT NULL,
	due_at DATETIME NOT NULL,
	new_session_id INTEGER,
	CONSTRAINT ck_make_up_due_after_owed CHECK (owed_at < due_at),
	CONSTRAINT ck_make_up_owed_nowhere CHECK (state NOT IN ('owed', 'overdue') OR new_session_id IS NULL),
	CONSTRAINT ck_make_up_scheduled_somewhere CHECK (state NOT IN ('scheduled', 'notified', 'held') OR new_session_id IS NOT NULL),
	CONSTRAINT ck_make_up_state_known CHECK (state IN ('owed', 'overdue', 'scheduled', 'notified', 'held', 'credited')),
	CONSTRAINT fk_make_up_new_session_id_workshop_session FOREIGN KEY(new_session_id) REFERENCES workshop_session (id),
	CONSTRAINT fk_make_up_session_id_workshop_session FOREIGN KEY(session_id) REFERENCES workshop_session (id),
	CONSTRAINT fk_make_up_workshop_id_workshop FOREIGN KEY(workshop_id) REFERENCES workshop (id),
	CONSTRAINT uq_make_up_new_session_id UNIQUE (new_session_id),
	CONSTRAINT uq_make_up_session_id UNIQUE (session_id)
);
CREATE TABLE make_up_entitlement (
	make_up_id INTEGER NOT NULL,
	registration_id INTEGER NOT NULL,
	ended_at DATETIME,
	CONSTRAINT fk_make_up_entitlement_make_up_id_make_up FOREIGN KEY(make_up_id) REFERENCES make_up (id),
	CONSTRAINT fk_make_up_entitlement_registration_id_registration FOREIGN KEY(registration_id) REFERENCES registration (id),
	CONSTRAINT pk_make_up_entitlement PRIMARY KEY (make_up_id, registration_id)
);
CREATE TABLE offered (
	chat_id BIGINT NOT NULL,
	choices BLOB NOT NULL,
	offered_at DATETIME NOT NULL,
	CONSTRAINT pk_offered PRIMARY KEY (chat_id)
);
CREATE TABLE official_holiday (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	seed_key VARCHAR(80) NOT NULL,
	day DATE NOT NULL,
	occasion VARCHAR(200) NOT NULL,
	occasion_en VARCHAR(200) NOT NULL,
	state VARCHAR(9) NOT NULL,
	lunar_month SMALLINT,
	lunar_day SMALLINT,
	lunar_year SMALLINT,
	CONSTRAINT ck_official_holiday_lunar_day_is_whole CHECK ((lunar_month IS NULL) = (lunar_day IS NULL) AND (lunar_month IS NULL) = (lunar_year IS NULL)),
	CONSTRAINT ck_official_holiday_state CHECK (state IN ('confirmed', 'estimated', 'moved', 'cancelled')),
	CONSTRAINT uq_official_holiday_seed_key UNIQUE (seed_key)
);
CREATE TABLE operation (
	"key" VARCHAR(100) NOT NULL,
	op VARCHAR(8) NOT NULL,
	fingerprint VARCHAR(64) NOT NULL,
	journal_id VARCHAR(10),
	answer BLOB NOT NULL,
	is_refusal BOOLEAN NOT NULL,
	at DATETIME NOT NULL,
	CONSTRAINT ck_operation_op_known CHECK (op IN ('move', 'pay', 'grant', 'reverse', 'hold', 'post', 'void')),
	CONSTRAINT ck_operation_refused_without_effect CHECK (NOT is_refusal OR journal_id IS NULL),
	CONSTRAINT pk_operation PRIMARY KEY ("key"),
	CONSTRAINT uq_operation_journal_id UNIQUE (journal_id)
);
CREATE TABLE outbox (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	dedupe_key VARCHAR(200) NOT NULL,
	chat_id BIGINT NOT NULL,
	method VARCHAR(64) NOT NULL,
	params BLOB,
	priority SMALLINT NOT NULL,
	state VARCHAR(6) NOT NULL,
	attempts SMALLINT NOT NULL,
	run_at DATETIME NOT NULL,
	is_leased BOOLEAN NOT NULL,
	has_spoken BOOLEAN NOT NULL,
	reason VARCHAR(200),
	created_at DATETIME NOT NULL,
	done_at DATETIME, about VARCHAR(64),
	CONSTRAINT ck_outbox_attempts CHECK (attempts >= 0),
	CONSTRAINT ck_outbox_reason CHECK (state <> 'dead' OR reason IS NOT NULL),
	CONSTRAINT ck_outbox_state CHECK (state IN ('queued', 'sent', 'dead')),
	CONSTRAINT uq_outbox_dedupe_key UNIQUE (dedupe_key)
);
CREATE TABLE parting (
	citizen_id BIGINT NOT NULL,
	number BIGINT NOT NULL,
	CONSTRAINT pk_parting PRIMARY KEY (citizen_id),
	CONSTRAINT uq_parting_number UNIQUE (number)
);
CREATE TABLE payout (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	code VARCHAR(10) NOT NULL,
	"key" VARCHAR(100) NOT NULL,
	office_id VARCHAR(24) NOT NULL,
	citizen_id BIGINT NOT NULL,
	amount_rial BIGINT NOT NULL,
	iban BLOB NOT NULL,
	owner BLOB NOT NULL,
	iban_index BLOB NOT NULL,
	iban_tail VARCHAR(4) NOT NULL,
	state VARCHAR(16) NOT NULL,
	hold_id INTEGER,
	needs_second BOOLEAN NOT NULL,
	requested_at DATETIME NOT NULL,
	changed_at DATETIME NOT NULL,
	reviewer BIGINT,
	approved_by BIGINT,
	seconded_by BIGINT,
	batch_id INTEGER,
	bank_reference VARCHAR(32),
	return_reference VARCHAR(32),
	reason VARCHAR(200),
	CONSTRAINT ck_payout_amount_positive CHECK (amount_rial > 0),
	CONSTRAINT ck_payout_approved_by_somebody CHECK (NOT (state IN ('seconding', 'approved') OR state IN ('sent', 'paid', 'returned', 'returned_late')) OR approved_by IS NOT NULL),
	CONSTRAINT ck_payout_not_approved CHECK (NOT state IN ('requested', 'review') OR approved_by IS NULL AND seconded_by IS NULL),
	CONSTRAINT ck_payout_not_for_oneself CHECK (reviewer <> citizen_id AND approved_by <> citizen_id AND seconded_by <> citizen_id),
	CONSTRAINT ck_payout_paid_with_reference CHECK ((state IN ('paid', 'returned_late')) = (bank_reference IS NOT NULL)),
	CONSTRAINT ck_payout_returned_with_reference CHECK ((state = 'returned_late') = (return_reference IS NOT NULL)),
	CONSTRAINT ck_payout_seconded_by_somebody CHECK (NOT (state = 'approved' OR state IN ('sent', 'paid', 'returned', 'returned_late')) OR NOT needs_second OR seconded_by IS NOT NULL),
	CONSTRAINT ck_payout_sent_in_batch CHECK ((state IN ('sent', 'paid', 'returned', 'returned_late')) = (batch_id IS NOT NULL)),
	CONSTRAINT ck_payout_state_known CHECK (state IN ('requested', 'review', 'seconding', 'approved', 'sent', 'paid', 'returned', 'returned_late', 'rejected', 'withdrawn')),
	CONSTRAINT ck_payout_two_persons CHECK (seconded_by <> approved_by),
	CONSTRAINT fk_payout_batch_id_payout_batch FOREIGN KEY(batch_id) REFERENCES payout_batch (id),
	CONSTRAINT fk_payout_hold_id_hold FOREIGN KEY(hold_id) REFERENCES hold (id),
	CONSTRAINT uq_payout_code UNIQUE (code),
	CONSTRAINT uq_payout_hold_id UNIQUE (hold_id),
	CONSTRAINT uq_payout_key UNIQUE ("key")
);
CREATE TABLE payout_batch (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	code VARCHAR(10) NOT NULL,
	office_id VARCHAR(24) NOT NULL,
	"key" VARCHAR(100) NOT NULL,
	count INTEGER NOT NULL,
	total_rial BIGINT NOT NULL,
	created_by BIGINT NOT NULL,
	created_at DATETIME NOT NULL,
	CONSTRAINT ck_payout_batch_count_positive CHECK (count > 0),
	CONSTRAINT ck_payout_batch_total_positive CHECK (total_rial > 0),
	CONSTRAINT uq_payout_batch_code UNIQUE (code),
	CONSTRAINT uq_payout_batch_key UNIQUE ("key")
);
CREATE TABLE payout_event (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	payout_id INTEGER NOT NULL,
	from_state VARCHAR(16),
	to_state VARCHAR(16) NOT NULL,
	actor VARCHAR(64) NOT NULL,
	reason VARCHAR(200),
	at DATETIME NOT NULL,
	CONSTRAINT ck_payout_event_begins_once CHECK ((from_state IS NULL) = (to_state = 'requested')),
	CONSTRAINT ck_payout_event_from_state_known CHECK (from_state IN ('requested', 'review', 'seconding', 'approved', 'sent', 'paid', 'returned', 'returned_late', 'rejected', 'withdrawn')),
	CONSTRAINT ck_payout_event_to_state_known CHECK (to_state IN ('requested', 'review', 'seconding', 'approved', 'sent', 'paid', 'returned', 'returned_late', 'rejected', 'withdrawn')),
	CONSTRAINT fk_payout_event_payout_id_payout FOREIGN KEY(payout_id) REFERENCES payout (id)
);
CREATE TABLE person_code (
	citizen_id BIGINT NOT NULL,
	code VARCHAR(16) NOT NULL,
	CONSTRAINT pk_person_code PRIMARY KEY (citizen_id),
	CONSTRAINT uq_person_code_code UNIQUE (code)
);
CREATE TABLE registration (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	workshop_id INTEGER NOT NULL,
	learner_id BIGINT NOT NULL,
	payer_id BIGINT NOT NULL,
	state VARCHAR(16) NOT NULL,
	fee_rial BIGINT NOT NULL,
	made_at DATETIME NOT NULL,
	expires_at DATETIME,
	is_bank_awaited BOOLEAN NOT NULL,
	journal_id VARCHAR(10),
	waiting_entry_id INTEGER,
	moved_from_id INTEGER, national_id BLOB, national_id_index BLOB, is_vouched BOOLEAN DEFAULT 0 NOT NULL,
	CONSTRAINT ck_registration_fee_counted CHECK (fee_rial >= 0),
	CONSTRAINT ck_registration_held_until CHECK (state <> 'held' OR expires_at IS NOT NULL),
	CONSTRAINT ck_registration_moved_from_another CHECK (moved_from_id <> id),
	CONSTRAINT ck_registration_paid_when_confirmed CHECK ((journal_id IS NOT NULL) = (fee_rial > 0 AND state NOT IN ('draft', 'held', 'expired', 'abandoned'))),
	CONSTRAINT ck_registration_state_known CHECK (state IN ('draft', 'held', 'confirmed', 'expired', 'abandoned', 'dropped', 'moved', 'withdrawn_late', 'removed', 'credited', 'completed')),
	CONSTRAINT fk_registration_moved_from_id_registration FOREIGN KEY(moved_from_id) REFERENCES registration (id),
	CONSTRAINT fk_registration_waiting_entry_id_waiting_entry FOREIGN KEY(waiting_entry_id) REFERENCES waiting_entry (id),
	CONSTRAINT fk_registration_workshop_id_workshop FOREIGN KEY(workshop_id) REFERENCES workshop (id),
	CONSTRAINT uq_registration_journal_id UNIQUE (journal_id),
	CONSTRAINT uq_registration_moved_from_id UNIQUE (moved_from_id)
);
CREATE TABLE said_about (
	chat_id BIGINT NOT NULL,
	message_id BIGINT NOT NULL,
	about VARCHAR(64) NOT NULL,
	said_at DATETIME NOT NULL,
	CONSTRAINT pk_said_about PRIMARY KEY (chat_id, message_id)
);
CREATE TABLE sealed_column (
	name VARCHAR(64) NOT NULL,
	key_id INTEGER NOT NULL,
	CONSTRAINT ck_sealed_column_key_id_in_range CHECK (key_id BETWEEN 1 AND 65535),
	CONSTRAINT pk_sealed_column PRIMARY KEY (name)
);
CREATE TABLE service_version (
	office_id VARCHAR(24) NOT NULL,
	service_id VARCHAR(24) NOT NULL,
	number INTEGER NOT NULL,
	effective_from DATETIME NOT NULL,
	circular_id INTEGER NOT NULL,
	CONSTRAINT ck_service_version_number_after_first CHECK (number > 1),
	CONSTRAINT fk_service_version_circular_id_circular FOREIGN KEY(circular_id) REFERENCES circular (id),
	CONSTRAINT pk_service_version PRIMARY KEY (office_id, service_id, number)
);
CREATE TABLE session_check (
	session_id INTEGER NOT NULL,
	registration_id INTEGER NOT NULL,
	item VARCHAR(16) NOT NULL,
	is_ready BOOLEAN NOT NULL,
	noted_at DATETIME NOT NULL,
	CONSTRAINT ck_session_check_item_known CHECK (item IN ('browser', 'connection', 'camera', 'background', 'headset')),
	CONSTRAINT fk_session_check_registration_id_registration FOREIGN KEY(registration_id) REFERENCES registration (id),
	CONSTRAINT fk_session_check_session_id_workshop_session FOREIGN KEY(session_id) REFERENCES workshop_session (id),
	CONSTRAINT pk_session_check PRIMARY KEY (session_id, registration_id, item)
);
CREATE TABLE spent_limit (
	citizen_id BIGINT NOT NULL,
	kind VARCHAR(16) NOT NULL,
	slot_ends_at DATETIME NOT NULL,
	count INTEGER NOT NULL,
	forget_at DATETIME NOT NULL,
	CONSTRAINT ck_spent_limit_count_positive CHECK (count > 0),
	CONSTRAINT pk_spent_limit PRIMARY KEY (citizen_id, kind, slot_ends_at)
);
CREATE TABLE staff_role (
	citizen_id BIGINT NOT NULL,
	office_id VARCHAR(24) NOT NULL,
	role VARCHAR(16) NOT NULL,
	name VARCHAR(64) NOT NULL,
	granted_at DATETIME NOT NULL,
	CONSTRAINT ck_staff_role_role_known CHECK (role IN ('officer', 'finance', 'manager')),
	CONSTRAINT pk_staff_role PRIMARY KEY (citizen_id, office_id, role)
);
CREATE TABLE survey (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	kind VARCHAR(16) NOT NULL,
	subject VARCHAR(64) NOT NULL,
	resolution INTEGER NOT NULL,
	office_id VARCHAR(24) NOT NULL,
	service_id VARCHAR(24),
	citizen_id BIGINT NOT NULL,
	officer_id BIGINT,
	due_at DATETIME NOT NULL,
	asked_at DATETIME,
	score SMALLINT,
	reason VARCHAR(16),
	comment VARCHAR(500),
	solved VARCHAR(16),
	answered_at DATETIME,
	CONSTRAINT ck_survey_asked_first CHECK (answered_at IS NULL OR asked_at IS NOT NULL),
	CONSTRAINT ck_survey_kind_known CHECK (kind IN ('rating', 'follow_up')),
	CONSTRAINT ck_survey_reason_known CHECK (reason IN ('slow', 'unclear', 'fast', 'clear')),
	CONSTRAINT ck_survey_resolution_counted CHECK (resolution > 0),
	CONSTRAINT ck_survey_score_in_range CHECK (score BETWEEN 1 AND 5),
	CONSTRAINT ck_survey_score_of_rating CHECK (score IS NULL OR kind = 'rating'),
	CONSTRAINT ck_survey_solved_known CHECK (solved IN ('yes', 'partly', 'no')),
	CONSTRAINT ck_survey_solved_of_follow_up CHECK (solved IS NULL OR kind = 'follow_up'),
	CONSTRAINT uq_survey_resolution UNIQUE (kind, subject, resolution)
);
CREATE TABLE "top_up" (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	code VARCHAR(10) NOT NULL,
	office_id VARCHAR(24) NOT NULL,
	citizen_id BIGINT NOT NULL,
	way VARCHAR(8) NOT NULL,
	amount_rial BIGINT NOT NULL,
	state VARCHAR(10) NOT NULL,
	created_at DATETIME NOT NULL,
	expires_at DATETIME NOT NULL,
	reference VARCHAR(100),
	provider VARCHAR(32),
	charge_id VARCHAR(255),
	decided_by BIGINT,
	decided_at DATETIME,
	reversed_by BIGINT,
	reversed_at DATETIME,
	reason VARCHAR(200),
	journal_id VARCHAR(10),
	CONSTRAINT ck_top_up_amount_positive CHECK (amount_rial > 0 OR state = 'unmatched'),
	CONSTRAINT ck_top_up_claimed_by_reference CHECK (way <> 'bank' OR reference IS NOT NULL),
	CONSTRAINT ck_top_up_decided_when CHECK ((decided_by IS NULL) = (decided_at IS NULL)),
	CONSTRAINT ck_top_up_not_for_oneself CHECK (decided_by <> citizen_id),
	CONSTRAINT ck_top_up_posted_if_verified CHECK ((state IN ('verified', 'reversed')) = (journal_id IS NOT NULL)),
	CONSTRAINT ck_top_up_rejected_by_somebody CHECK (state <> 'rejected' OR decided_by IS NOT NULL),
	CONSTRAINT ck_top_up_reversed_by_somebody CHECK ((state = 'reversed') = (reversed_by IS NOT NULL)),
	CONSTRAINT ck_top_up_reversed_when CHECK ((reversed_by IS NULL) = (reversed_at IS NULL)),
	CONSTRAINT ck_top_up_state_known CHECK (state IN ('created', 'pending', 'verified', 'rejected', 'expired', 'reversed', 'unmatched', 'withdrawn')),
	CONSTRAINT ck_top_up_two_persons CHECK (reversed_by NOT IN (decided_by, citizen_id)),
	CONSTRAINT ck_top_up_way_known CHECK (way IN ('invoice', 'bank')),
	CONSTRAINT uq_top_up_code UNIQUE (code),
	CONSTRAINT uq_top_up_journal_id UNIQUE (journal_id),
	CONSTRAINT uq_top_up_provider_charge_id UNIQUE (provider, charge_id)
);
CREATE TABLE transfer (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	journal_id VARCHAR(10) NOT NULL,
	seq INTEGER NOT NULL,
	code VARCHAR(16) NOT NULL,
	debit_id INTEGER NOT NULL,
	credit_id INTEGER NOT NULL,
	amount_rial BIGINT NOT NULL,
	reference VARCHAR(64) NOT NULL,
	reason VARCHAR(200) NOT NULL,
	actor VARCHAR(64) NOT NULL,
	at DATETIME NOT NULL,
	reverses_id INTEGER,
	hold_id INTEGER,
	CONSTRAINT ck_transfer_amount_positive CHECK (amount_rial > 0),
	CONSTRAINT ck_transfer_between_two CHECK (debit_id <> credit_id),
	CONSTRAINT ck_transfer_code_known CHECK (code IN ('top_up', 'unmatched', 'matched', 'sent_back', 'fee', 'delivered', 'service_credit', 'payout', 'payout_returned', 'settlement', 'chargeback', 'debt_paid', 'reversal')),
	CONSTRAINT ck_transfer_reversal_of_one CHECK ((code = 'reversal') = (reverses_id IS NOT NULL)),
	CONSTRAINT ck_transfer_seq_counted CHECK (seq > 0),
	CONSTRAINT fk_transfer_credit_id_account FOREIGN KEY(credit_id) REFERENCES account (id),
	CONSTRAINT fk_transfer_debit_id_account FOREIGN KEY(debit_id) REFERENCES account (id),
	CONSTRAINT fk_transfer_hold_id_hold FOREIGN KEY(hold_id) REFERENCES hold (id),
	CONSTRAINT fk_transfer_reverses_id_transfer FOREIGN KEY(reverses_id) REFERENCES transfer (id),
	CONSTRAINT uq_transfer_hold_id UNIQUE (hold_id),
	CONSTRAINT uq_transfer_journal_id_seq UNIQUE (journal_id, seq),
	CONSTRAINT uq_transfer_reverses_id UNIQUE (reverses_id)
);
CREATE TABLE waiting_entry (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	workshop_id INTEGER NOT NULL,
	payer_id BIGINT NOT NULL,
	state VARCHAR(8) NOT NULL,
	size INTEGER NOT NULL,
	is_auto_accept BOOLEAN NOT NULL,
	joined_at DATETIME NOT NULL,
	expires_at DATETIME,
	CONSTRAINT ck_waiting_entry_offered_until CHECK (state <> 'offered' OR expires_at IS NOT NULL),
	CONSTRAINT ck_waiting_entry_size_counted CHECK (size > 0),
	CONSTRAINT ck_waiting_entry_state_known CHECK (state IN ('waiting', 'offered', 'accepted', 'declined', 'lapsed', 'left', 'closed')),
	CONSTRAINT fk_waiting_entry_workshop_id_workshop FOREIGN KEY(workshop_id) REFERENCES workshop (id)
);
CREATE TABLE workshop (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	office_id VARCHAR(24) NOT NULL,
	state VARCHAR(24) NOT NULL,
	title VARCHAR(120) NOT NULL,
	description VARCHAR(2000) NOT NULL,
	instructor VARCHAR(80),
	subject VARCHAR(80),
	province VARCHAR(80),
	age_min SMALLINT,
	age_max SMALLINT,
	fee_rial BIGINT,
	quorum INTEGER,
	places INTEGER,
	session_count INTEGER,
	opens_at DATETIME,
	closes_at DATETIME,
	online_link VARCHAR(300),
	venue VARCHAR(300),
	is_on_days_off BOOLEAN NOT NULL,
	terms_version INTEGER NOT NULL,
	taken_count INTEGER NOT NULL,
	drop_until DATETIME,
	is_extended BOOLEAN NOT NULL,
	is_sample BOOLEAN NOT NULL,
	made_at DATETIME NOT NULL,
	grace_until DATETIME,
	settled_at DATETIME,
	CONSTRAINT ck_workshop_fee_counted CHECK (fee_rial >= 0),
	CONSTRAINT ck_workshop_not_oversold CHECK (taken_count <= places),
	CONSTRAINT ck_workshop_pending_until CHECK (state <> 'quorum_failed_pending' OR grace_until IS NOT NULL),
	CONSTRAINT ck_workshop_settled_if_cancelled CHECK (settled_at IS NULL OR state = 'cancelled_by_office'),
	CONSTRAINT ck_workshop_sound_before_it_is_shown CHECK (state IN ('draft', 'deleted') OR (places > 0 AND quorum BETWEEN 0 AND places AND session_count > 0 AND terms_version > 0 AND opens_at < closes_at AND drop_until < closes_at)),
	CONSTRAINT ck_workshop_state_known CHECK (state IN ('draft', 'deleted', 'published', 'open', 'paused', 'closed', 'quorum_failed_pending', 'quorum_failed', 'confirmed', 'running', 'completed', 'cancelled_by_office')),
	CONSTRAINT ck_workshop_taken_counted CHECK (taken_count >= 0),
	CONSTRAINT ck_workshop_taken_of_something CHECK (places IS NOT NULL OR taken_count = 0),
	CONSTRAINT ck_workshop_terms_counted CHECK (terms_version >= 0),
	CONSTRAINT ck_workshop_whole_before_it_is_shown CHECK (state IN ('draft', 'deleted') OR (fee_rial IS NOT NULL AND places IS NOT NULL AND quorum IS NOT NULL AND session_count IS NOT NULL AND opens_at IS NOT NULL AND closes_at IS NOT NULL AND drop_until IS NOT NULL))
);
CREATE TABLE workshop_consent (
	registration_id INTEGER NOT NULL,
	terms_version INTEGER NOT NULL,
	terms_sha256 VARCHAR(64) NOT NULL,
	message_id BIGINT,
	accepted_at DATETIME NOT NULL,
	CONSTRAINT fk_workshop_consent_registration_id_registration FOREIGN KEY(registration_id) REFERENCES registration (id),
	CONSTRAINT pk_workshop_consent PRIMARY KEY (registration_id, terms_version)
);
CREATE TABLE workshop_event (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	workshop_id INTEGER NOT NULL,
	entity VARCHAR(16) NOT NULL,
	entity_id INTEGER NOT NULL,
	act VARCHAR(24) NOT NULL,
	state_from VARCHAR(24),
	state_to VARCHAR(24) NOT NULL,
	actor VARCHAR(32) NOT NULL,
	at DATETIME NOT NULL,
	reason VARCHAR(200),
	"key" VARCHAR(100),
	CONSTRAINT ck_workshop_event_entity_known CHECK (entity IN ('workshop', 'session', 'registration', 'waiting_entry', 'make_up')),
	CONSTRAINT fk_workshop_event_workshop_id_workshop FOREIGN KEY(workshop_id) REFERENCES workshop (id),
	CONSTRAINT uq_workshop_event_key UNIQUE ("key")
);
CREATE TABLE workshop_session (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	workshop_id INTEGER NOT NULL,
	number INTEGER NOT NULL,
	starts_at DATETIME NOT NULL,
	minutes INTEGER NOT NULL,
	state VARCHAR(24) NOT NULL,
	revision INTEGER NOT NULL,
	cancel_reason VARCHAR(24),
	CONSTRAINT ck_workshop_session_cancelled_why CHECK ((state = 'cancelled_by_office') = (cancel_reason IS NOT NULL)),
	CONSTRAINT ck_workshop_session_minutes_counted CHECK (minutes > 0),
	CONSTRAINT ck_workshop_session_number_counted CHECK (number > 0),
	CONSTRAINT ck_workshop_session_reason_known CHECK (cancel_reason IN ('teacher_absent', 'platform_down', 'too_short', 'workshop_cancelled', 'other')),
	CONSTRAINT ck_workshop_session_revision_counted CHECK (revision >= 0),
	CONSTRAINT ck_workshop_session_state_known CHECK (state IN ('planned', 'displaced', 'live', 'held', 'settled', 'cancelled_by_office')),
	CONSTRAINT fk_workshop_session_workshop_id_workshop FOREIGN KEY(workshop_id) REFERENCES workshop (id)
);
CREATE TABLE workshop_sheet (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	office_id VARCHAR(24) NOT NULL,
	file_id VARCHAR(255) NOT NULL,
	sent_by BIGINT NOT NULL,
	chat_id BIGINT NOT NULL,
	message_id BIGINT NOT NULL,
	received_at DATETIME NOT NULL,
	opened_at DATETIME
);
CREATE TABLE workshop_subscription (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	citizen_id BIGINT NOT NULL,
	office_id VARCHAR(24) NOT NULL,
	age SMALLINT,
	province VARCHAR(80),
	subject VARCHAR(80),
	made_at DATETIME NOT NULL,
	CONSTRAINT ck_workshop_subscription_age_counted CHECK (age >= 0)
);
CREATE TABLE workshop_telling (
	workshop_id INTEGER NOT NULL,
	subscription_id INTEGER NOT NULL,
	is_over BOOLEAN NOT NULL,
	CONSTRAINT fk_workshop_telling_workshop_id_workshop FOREIGN KEY(workshop_id) REFERENCES workshop (id),
	CONSTRAINT pk_workshop_telling PRIMARY KEY (workshop_id)
);
CREATE TABLE workshop_terms (
	workshop_id INTEGER NOT NULL,
	version INTEGER NOT NULL,
	text VARCHAR(3000) NOT NULL,
	sha256 VARCHAR(64) NOT NULL,
	made_at DATETIME NOT NULL,
	CONSTRAINT ck_workshop_terms_version_counted CHECK (version > 0),
	CONSTRAINT fk_workshop_terms_workshop_id_workshop FOREIGN KEY(workshop_id) REFERENCES workshop (id),
	CONSTRAINT pk_workshop_terms PRIMARY KEY (workshop_id, version)
);
CREATE TABLE workshop_told (
	what VARCHAR(64) NOT NULL,
	at DATETIME NOT NULL,
	CONSTRAINT pk_workshop_told PRIMARY KEY (what)
);
CREATE INDEX ix_admin_chat_chat_id ON admin_chat (chat_id);
CREATE INDEX ix_asked_question_outcome_asked_on ON asked_question (outcome, asked_on);
CREATE INDEX ix_attendance_registration_id ON attendance (registration_id);
CREATE INDEX ix_audit_office_id ON audit (office_id, id);
CREATE INDEX ix_audit_subject ON audit (subject, id);
CREATE INDEX ix_ban_until ON ban (until);
CREATE INDEX ix_bank_file_received ON bank_file (id) WHERE state = 'received';
CREATE INDEX ix_bank_finding_outcome ON bank_finding (file_id, outcome, seq);
CREATE INDEX ix_bank_line_file_id ON bank_line (file_id);
CREATE INDEX ix_bank_line_subject ON bank_line (subject);
CREATE INDEX ix_bank_line_suspense ON bank_line (office_id, id) WHERE state = 'suspense';
CREATE INDEX ix_case_clock_case_id ON case_clock (case_id);
CREATE INDEX ix_case_clock_running ON case_clock (due_at) WHERE met_at IS NULL;
CREATE INDEX ix_case_event_case_id ON case_event (case_id);
CREATE INDEX ix_case_message_case_id ON case_message (case_id);
CREATE INDEX ix_catalogue_version_state ON catalogue_version (state);
CREATE INDEX ix_chat_standing_moved_to ON chat_standing (moved_to) WHERE moved_to IS NOT NULL;
CREATE INDEX ix_citizen_topic_at ON citizen (topic_at);
CREATE INDEX ix_closure_office_id_last_on ON closure (office_id, last_on);
CREATE UNIQUE INDEX uq_closure_decided_once ON closure (office_id, first_on, last_on, scope, windows) WHERE withdrawn_at IS NULL;
CREATE INDEX ix_consent_given_at ON consent (given_at);
CREATE INDEX ix_credit_proposal_subject ON credit_proposal (subject);
CREATE UNIQUE INDEX uq_credit_proposal_open ON credit_proposal (subject) WHERE state = 'proposed';
CREATE INDEX ix_desk_case_answered ON desk_case (ended_at) WHERE state = 'answered';
CREATE INDEX ix_desk_case_author_id ON desk_case (author_id);
CREATE INDEX ix_desk_case_ended_at ON desk_case (office_id, ended_at);
CREATE INDEX ix_desk_case_in_work ON desk_case (office_id, state) WHERE state != 'closed';
CREATE INDEX ix_desk_case_merged_into ON desk_case (merged_into);
CREATE INDEX ix_desk_case_question_id ON desk_case (question_id) WHERE question_id IS NOT NULL;
CREATE INDEX ix_desk_case_registered_at ON desk_case (office_id, registered_at);
CREATE INDEX ix_dialogue_expires_at ON dialogue (expires_at);
CREATE INDEX ix_hold_account_id ON hold (account_id);
CREATE INDEX ix_inbox_dead ON inbox (id) WHERE state = 'dead';
CREATE INDEX ix_inbox_done_at ON inbox (done_at);
CREATE INDEX ix_inbox_new ON inbox (id) WHERE state = 'new';
CREATE INDEX ix_inbox_new_of_chat ON inbox (chat_key, update_id) WHERE state = 'new';
CREATE INDEX ix_invitation_expires_at ON invitation (expires_at);
CREATE INDEX ix_invitation_office_id ON invitation (office_id);
CREATE INDEX ix_learner_guardian_id ON learner (guardian_id);
CREATE UNIQUE INDEX uq_learner_self ON learner (guardian_id) WHERE is_self AND removed_at IS NULL;
CREATE INDEX ix_learnt_answer_state ON learnt_answer (state, office_id);
CREATE INDEX ix_learnt_question_question_id ON learnt_question (question_id);
CREATE INDEX ix_make_up_owed ON make_up (due_at) WHERE state = 'owed';
CREATE INDEX ix_make_up_workshop_id ON make_up (workshop_id);
CREATE INDEX ix_make_up_entitlement_registration_id ON make_up_entitlement (registration_id);
CREATE INDEX ix_offered_offered_at ON offered (offered_at);
CREATE INDEX ix_official_holiday_day ON official_holiday (day);
CREATE INDEX ix_outbox_dead ON outbox (id) WHERE state = 'dead';
CREATE INDEX ix_outbox_done_at ON outbox (done_at);
CREATE INDEX ix_outbox_queued ON outbox (priority, id) WHERE state = 'queued';
CREATE INDEX ix_outbox_queued_of_chat ON outbox (chat_id, priority, id) WHERE state = 'queued';
CREATE INDEX ix_payout_batch_id ON payout (batch_id);
CREATE INDEX ix_payout_citizen_id ON payout (citizen_id, office_id, id);
CREATE INDEX ix_payout_iban_index ON payout (iban_index);
CREATE INDEX ix_payout_office_id ON payout (office_id, state, id);
CREATE INDEX ix_payout_batch_office_id ON payout_batch (office_id, id);
CREATE INDEX ix_payout_event_payout_id ON payout_event (payout_id, id);
CREATE INDEX ix_registration_held ON registration (expires_at) WHERE state = 'held';
CREATE INDEX ix_registration_learner_id ON registration (learner_id);
CREATE INDEX ix_registration_payer_id ON registration (payer_id);
CREATE INDEX ix_registration_waiting_entry_id ON registration (waiting_entry_id);
CREATE INDEX ix_registration_workshop_id ON registration (workshop_id, state);
CREATE UNIQUE INDEX uq_registration_active ON registration (workshop_id, learner_id) WHERE state IN ('draft', 'held', 'confirmed');
CREATE UNIQUE INDEX uq_registration_national_id ON registration (workshop_id, national_id_index) WHERE (state IN ('held', 'confirmed') OR state = 'draft' AND waiting_entry_id IS NOT NULL);
CREATE INDEX ix_said_about_about ON said_about (about);
CREATE INDEX ix_session_check_registration_id ON session_check (registration_id);
CREATE INDEX ix_spent_limit_forget_at ON spent_limit (forget_at);
CREATE INDEX ix_staff_role_office_id ON staff_role (office_id);
CREATE INDEX ix_survey_answered ON survey (office_id, kind, answered_at);
CREATE INDEX ix_survey_subject ON survey (subject);
CREATE INDEX ix_survey_unasked ON survey (due_at, id) WHERE asked_at IS NULL;
CREATE INDEX ix_top_up_citizen_id ON top_up (citizen_id, id);
CREATE INDEX ix_top_up_expires_at ON top_up (state, expires_at);
CREATE INDEX ix_top_up_office_id ON top_up (office_id, state, id);
CREATE INDEX ix_top_up_reference ON top_up (office_id, reference);
CREATE UNIQUE INDEX uq_top_up_claimed ON top_up (office_id, reference) WHERE way = 'bank' AND state IN ('pending', 'verified');
CREATE INDEX ix_transfer_credit_id ON transfer (credit_id, id);
CREATE INDEX ix_transfer_debit_id ON transfer (debit_id, id);
CREATE INDEX ix_transfer_reference ON transfer (reference);
CREATE INDEX ix_waiting_entry_line ON waiting_entry (workshop_id, id) WHERE state IN ('waiting', 'offered');
CREATE INDEX ix_waiting_entry_offered ON waiting_entry (expires_at) WHERE state = 'offered';
CREATE INDEX ix_waiting_entry_payer_id ON waiting_entry (payer_id);
CREATE INDEX ix_workshop_going_on ON workshop (state) WHERE state IN ('published', 'open', 'paused', 'closed', 'quorum_failed_pending', 'confirmed', 'running');
CREATE INDEX ix_workshop_office_id ON workshop (office_id, state);
CREATE INDEX ix_workshop_event_entity ON workshop_event (entity, entity_id);
CREATE INDEX ix_workshop_event_workshop_id ON workshop_event (workshop_id, id);
CREATE INDEX ix_workshop_session_to_come ON workshop_session (starts_at) WHERE state IN ('planned', 'displaced', 'live');
CREATE INDEX ix_workshop_session_workshop_id ON workshop_session (workshop_id, starts_at);
CREATE INDEX ix_workshop_sheet_opened_at ON workshop_sheet (opened_at);
CREATE INDEX ix_workshop_subscription_citizen_id ON workshop_subscription (citizen_id);
CREATE INDEX ix_workshop_subscription_office_id ON workshop_subscription (office_id, id);
CREATE TRIGGER account_refuses_delete BEFORE DELETE ON account BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER account_refuses_replace BEFORE INSERT ON account WHEN EXISTS (SELECT 1
FROM account
WHERE id = NEW.id OR code = NEW.code) BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER account_refuses_update BEFORE UPDATE ON account WHEN NOT coalesce(NEW.id IS NOT DISTINCT FROM OLD.id AND NEW.kind IS NOT DISTINCT FROM OLD.kind AND NEW.is_no_overdraft IS NOT DISTINCT FROM OLD.is_no_overdraft AND (NEW.code = OLD.code OR NEW.debits_rial IS NOT DISTINCT FROM OLD.debits_rial AND NEW.credits_rial IS NOT DISTINCT FROM OLD.credits_rial AND NEW.held_rial IS NOT DISTINCT FROM OLD.held_rial AND EXISTS (SELECT 1
FROM parting
WHERE NEW.code = replace(replace(OLD.code, ':' || CAST(parting.citizen_id AS TEXT) || ':', ':' || CAST(parting.number AS TEXT) || ':'), ':' || CAST(parting.citizen_id AS TEXT) || '@', ':' || CAST(parting.number AS TEXT) || '@'))), FALSE) BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER audit_refuses_delete BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
CREATE TRIGGER audit_refuses_replace BEFORE INSERT ON audit WHEN EXISTS (SELECT 1 FROM audit WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
CREATE TRIGGER audit_refuses_update BEFORE UPDATE ON audit WHEN NOT (NEW.id IS NOT DISTINCT FROM OLD.id AND NEW.at IS NOT DISTINCT FROM OLD.at AND NEW.office_id IS NOT DISTINCT FROM OLD.office_id AND NEW.actor_id IS NOT DISTINCT FROM OLD.actor_id AND NEW.actor_name IS NOT DISTINCT FROM OLD.actor_name AND NEW.role IS NOT DISTINCT FROM OLD.role AND NEW.action IS NOT DISTINCT FROM OLD.action AND NEW.subject IS NOT DISTINCT FROM OLD.subject AND NEW.before IS NOT DISTINCT FROM OLD.before AND NEW.after IS NOT DISTINCT FROM OLD.after AND OLD.note IS NOT NULL AND typeof(NEW.note) = 'blob' AND substr(NEW.note, 1, 1) = x'01') BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
CREATE TRIGGER audit_link_refuses_delete BEFORE DELETE ON audit_link BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
CREATE TRIGGER audit_link_refuses_replace BEFORE INSERT ON audit_link WHEN EXISTS (SELECT 1 FROM audit_link WHERE number = NEW.number) BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
CREATE TRIGGER audit_link_refuses_update BEFORE UPDATE ON audit_link BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
CREATE TRIGGER case_event_no_delete BEFORE DELETE ON case_event BEGIN SELECT RAISE(ABORT, 'the history of a case is only added to'); END;
CREATE TRIGGER case_event_no_replace BEFORE INSERT ON case_event WHEN EXISTS (SELECT 1 FROM case_event WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'the history of a case is only added to'); END;
CREATE TRIGGER case_event_no_update BEFORE UPDATE ON case_event WHEN NOT (NEW.id IS NOT DISTINCT FROM OLD.id AND NEW.case_id IS NOT DISTINCT FROM OLD.case_id AND NEW.at IS NOT DISTINCT FROM OLD.at AND NEW.action IS NOT DISTINCT FROM OLD.action AND NEW.actor_id IS NOT DISTINCT FROM OLD.actor_id AND NEW.role IS NOT DISTINCT FROM OLD.role AND OLD.note IS NOT NULL AND typeof(NEW.note) = 'blob' AND substr(NEW.note, 1, 1) = x'01') BEGIN SELECT RAISE(ABORT, 'the history of a case is only added to'); END;
CREATE TRIGGER hold_refuses_delete BEFORE DELETE ON hold BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER hold_refuses_replace BEFORE INSERT ON hold WHEN EXISTS (SELECT 1
FROM hold
WHERE id = NEW.id OR reference = NEW.reference) BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER hold_refuses_update BEFORE UPDATE ON hold WHEN NOT coalesce(NEW.id IS NOT DISTINCT FROM OLD.id AND NEW.account_id IS NOT DISTINCT FROM OLD.account_id AND NEW.amount_rial IS NOT DISTINCT FROM OLD.amount_rial AND NEW.reference IS NOT DISTINCT FROM OLD.reference AND NEW.reason IS NOT DISTINCT FROM OLD.reason AND NEW.at IS NOT DISTINCT FROM OLD.at AND (OLD.state = 'open' AND NEW.actor = OLD.actor OR NEW.state IS NOT DISTINCT FROM OLD.state AND NEW.posted_rial IS NOT DISTINCT FROM OLD.posted_rial AND NEW.resolved_at IS NOT DISTINCT FROM OLD.resolved_at AND EXISTS (SELECT 1
FROM parting
WHERE OLD.actor = 'citizen:' || CAST(parting.citizen_id AS TEXT) AND NEW.actor = 'citizen:' || CAST(parting.number AS TEXT))), FALSE) BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER operation_refuses_delete BEFORE DELETE ON operation BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER operation_refuses_replace BEFORE INSERT ON operation WHEN EXISTS (SELECT 1
FROM operation
WHERE key = NEW.key OR journal_id = NEW.journal_id) BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER operation_refuses_update BEFORE UPDATE ON operation WHEN NOT coalesce(NEW.key IS NOT DISTINCT FROM OLD.key AND NEW.op IS NOT DISTINCT FROM OLD.op AND NEW.journal_id IS NOT DISTINCT FROM OLD.journal_id AND NEW.is_refusal IS NOT DISTINCT FROM OLD.is_refusal AND NEW.at IS NOT DISTINCT FROM OLD.at AND NEW.fingerprint = 'forgotten' AND EXISTS (SELECT 1
FROM parting
WHERE CAST(NEW.answer AS TEXT) = replace(replace(replace(CAST(OLD.answer AS TEXT), ':' || CAST(parting.citizen_id AS TEXT) || ':', ':' || CAST(parting.number AS TEXT) || ':'), ':' || CAST(parting.citizen_id AS TEXT) || '@', ':' || CAST(parting.number AS TEXT) || '@'), '"citizen:' || CAST(parting.citizen_id AS TEXT) || '"', '"citizen:' || CAST(parting.number AS TEXT) || '"')), FALSE) BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER payout_refuses_delete BEFORE DELETE ON payout BEGIN SELECT RAISE(ABORT, 'payouts are append-only'); END;
CREATE TRIGGER payout_refuses_replace BEFORE INSERT ON payout WHEN EXISTS (SELECT 1
FROM payout
WHERE id = NEW.id OR code = NEW.code OR key = NEW.key OR hold_id = NEW.hold_id) BEGIN SELECT RAISE(ABORT, 'payouts are append-only'); END;
CREATE TRIGGER payout_refuses_update BEFORE UPDATE ON payout WHEN NOT coalesce(NEW.id IS NOT DISTINCT FROM OLD.id AND NEW.code IS NOT DISTINCT FROM OLD.code AND NEW.key IS NOT DISTINCT FROM OLD.key AND NEW.office_id IS NOT DISTINCT FROM OLD.office_id AND NEW.amount_rial IS NOT DISTINCT FROM OLD.amount_rial AND NEW.needs_second IS NOT DISTINCT FROM OLD.needs_second AND NEW.requested_at IS NOT DISTINCT FROM OLD.requested_at AND (NEW.citizen_id IS NOT DISTINCT FROM OLD.citizen_id AND NEW.iban_index IS NOT DISTINCT FROM OLD.iban_index AND NEW.iban_tail IS NOT DISTINCT FROM OLD.iban_tail OR NEW.state IS NOT DISTINCT FROM OLD.state AND NEW.hold_id IS NOT DISTINCT FROM OLD.hold_id AND NEW.batch_id IS NOT DISTINCT FROM OLD.batch_id AND EXISTS (SELECT 1
FROM parting
WHERE OLD.citizen_id = parting.citizen_id AND NEW.citizen_id = parting.number)), FALSE) BEGIN SELECT RAISE(ABORT, 'payouts are append-only'); END;
CREATE TRIGGER payout_batch_refuses_delete BEFORE DELETE ON payout_batch BEGIN SELECT RAISE(ABORT, 'payouts are append-only'); END;
CREATE TRIGGER payout_batch_refuses_replace BEFORE INSERT ON payout_batch WHEN EXISTS (SELECT 1
FROM payout_batch
WHERE id = NEW.id OR code = NEW.code OR key = NEW.key) BEGIN SELECT RAISE(ABORT, 'payouts are append-only'); END;
CREATE TRIGGER payout_batch_refuses_update BEFORE UPDATE ON payout_batch BEGIN SELECT RAISE(ABORT, 'payouts are append-only'); END;
CREATE TRIGGER payout_event_refuses_delete BEFORE DELETE ON payout_event BEGIN SELECT RAISE(ABORT, 'payouts are append-only'); END;
CREATE TRIGGER payout_event_refuses_replace BEFORE INSERT ON payout_event WHEN EXISTS (SELECT 1
FROM payout_event
WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'payouts are append-only'); END;
CREATE TRIGGER payout_event_refuses_update BEFORE UPDATE ON payout_event WHEN NOT coalesce((NEW.id IS NOT DISTINCT FROM OLD.id AND NEW.payout_id IS NOT DISTINCT FROM OLD.payout_id AND NEW.from_state IS NOT DISTINCT FROM OLD.from_state AND NEW.to_state IS NOT DISTINCT FROM OLD.to_state AND NEW.at IS NOT DISTINCT FROM OLD.at AND NEW.reason IS NOT DISTINCT FROM OLD.reason AND EXISTS (SELECT 1
FROM parting
WHERE OLD.actor = 'citizen:' || CAST(parting.citizen_id AS TEXT) AND NEW.actor = 'citizen:' || CAST(parting.number AS TEXT))) OR (NEW.id IS NOT DISTINCT FROM OLD.id AND NEW.payout_id IS NOT DISTINCT FROM OLD.payout_id AND NEW.from_state IS NOT DISTINCT FROM OLD.from_state AND NEW.to_state IS NOT DISTINCT FROM OLD.to_state AND NEW.at IS NOT DISTINCT FROM OLD.at AND NEW.actor IS NOT DISTINCT FROM OLD.actor AND OLD.reason IS NOT NULL AND typeof(NEW.reason) = 'blob' AND substr(NEW.reason, 1, 1) = x'01'), FALSE) BEGIN SELECT RAISE(ABORT, 'payouts are append-only'); END;
CREATE TRIGGER transfer_refuses_delete BEFORE DELETE ON transfer BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER transfer_refuses_replace BEFORE INSERT ON transfer WHEN EXISTS (SELECT 1
FROM transfer
WHERE id = NEW.id OR journal_id = NEW.journal_id AND seq = NEW.seq OR reverses_id = NEW.reverses_id OR hold_id = NEW.hold_id) BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER transfer_refuses_update BEFORE UPDATE ON transfer WHEN NOT coalesce(NEW.id IS NOT DISTINCT FROM OLD.id AND NEW.journal_id IS NOT DISTINCT FROM OLD.journal_id AND NEW.seq IS NOT DISTINCT FROM OLD.seq AND NEW.code IS NOT DISTINCT FROM OLD.code AND NEW.debit_id IS NOT DISTINCT FROM OLD.debit_id AND NEW.credit_id IS NOT DISTINCT FROM OLD.credit_id AND NEW.amount_rial IS NOT DISTINCT FROM OLD.amount_rial AND NEW.reference IS NOT DISTINCT FROM OLD.reference AND NEW.reason IS NOT DISTINCT FROM OLD.reason AND NEW.at IS NOT DISTINCT FROM OLD.at AND NEW.reverses_id IS NOT DISTINCT FROM OLD.reverses_id AND NEW.hold_id IS NOT DISTINCT FROM OLD.hold_id AND EXISTS (SELECT 1
FROM parting
WHERE OLD.actor = 'citizen:' || CAST(parting.citizen_id AS TEXT) AND NEW.actor = 'citizen:' || CAST(parting.number AS TEXT)), FALSE) BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER workshop_consent_refuses_delete BEFORE DELETE ON workshop_consent BEGIN SELECT RAISE(ABORT, 'the history is append-only'); END;
CREATE TRIGGER workshop_consent_refuses_replace BEFORE INSERT ON workshop_consent WHEN EXISTS (SELECT 1
FROM workshop_consent
WHERE registration_id = NEW.registration_id AND terms_version = NEW.terms_version) BEGIN SELECT RAISE(ABORT, 'the history is append-only'); END;
CREATE TRIGGER workshop_consent_refuses_update BEFORE UPDATE ON workshop_consent BEGIN SELECT RAISE(ABORT, 'the history is append-only'); END;
CREATE TRIGGER workshop_event_refuses_delete BEFORE DELETE ON workshop_event BEGIN SELECT RAISE(ABORT, 'the history is append-only'); END;
CREATE TRIGGER workshop_event_refuses_replace BEFORE INSERT ON workshop_event WHEN EXISTS (SELECT 1
FROM workshop_event
WHERE id = NEW.id OR key = NEW.key) BEGIN SELECT RAISE(ABORT, 'the history is append-only'); END;
CREATE TRIGGER workshop_event_refuses_update BEFORE UPDATE ON workshop_event WHEN NOT (NEW.id IS NOT DISTINCT FROM OLD.id AND NEW.workshop_id IS NOT DISTINCT FROM OLD.workshop_id AND NEW.entity IS NOT DISTINCT FROM OLD.entity AND NEW.entity_id IS NOT DISTINCT FROM OLD.entity_id AND NEW.act IS NOT DISTINCT FROM OLD.act AND NEW.state_from IS NOT DISTINCT FROM OLD.state_from AND NEW.state_to IS NOT DISTINCT FROM OLD.state_to AND NEW.actor IS NOT DISTINCT FROM OLD.actor AND NEW.at IS NOT DISTINCT FROM OLD.at AND NEW.key IS NOT DISTINCT FROM OLD.key AND OLD.reason IS NOT NULL AND typeof(NEW.reason) = 'blob' AND substr(NEW.reason, 1, 1) = x'01') BEGIN SELECT RAISE(ABORT, 'the history is append-only'); END;
CREATE TRIGGER workshop_terms_refuses_delete BEFORE DELETE ON workshop_terms BEGIN SELECT RAISE(ABORT, 'the history is append-only'); END;
CREATE TRIGGER workshop_terms_refuses_replace BEFORE INSERT ON workshop_terms WHEN EXISTS (SELECT 1
FROM workshop_terms
WHERE workshop_id = NEW.workshop_id AND version = NEW.version) BEGIN SELECT RAISE(ABORT, 'the history is append-only'); END;
CREATE TRIGGER workshop_terms_refuses_update BEFORE UPDATE ON workshop_terms BEGIN SELECT RAISE(ABORT, 'the history is append-only'); END;
INSERT INTO "alembic_version" VALUES('0041');
INSERT INTO "audit_head" VALUES(1,0,X'0000000000000000000000000000000000000000000000000000000000000000');
