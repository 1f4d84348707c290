package io.drover.guard;

import com.fasterxml.jackson.databind.JsonNode;
import io.drover.journal.Attempt;
import io.drover.journal.CallRecord;
import io.drover.journal.CallState;
import io.drover.journal.Grant;
import io.drover.rules.Verdict;
import io.drover.tool.ToolOutcome;
import io.drover.tool.ToolSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One call on its way through the guard, over all its tries in this attempt.
 * It alone changes what is known of it, by the verbs below.
 * Some of them give the record that the journal is to hold from then on.
 */
final class GuardedCall {

    private final CallIdentity identity;
    private final int n;
    private final int sentEarlier;

    private int tries;
    private int sent; // without the last try
    private boolean ran; // before the last try
    private Instant startedAt;
    private @Nullable Try last;
    private @Nullable ToolOutcome outcome;
    private boolean begun;
    private boolean doubtful;
    private boolean forAPerson;
    private boolean needsApproval;
    private @Nullable String extraWhy;
    private boolean notMade;
    private @Nullable String wouldAsk;
    private Verdict verdict = Verdict.NONE;
    private @Nullable LimitedCall limit;
    private @Nullable String rule;
    private @Nullable String fallback;
    private @Nullable CallEffect effect;
    private @Nullable JsonNode first;
    private @Nullable Meeting meeting;
    private final Booking booking = new Booking();

    GuardedCall(CallIdentity identity) {
        this.identity = identity;
        this.n = attempt().number(identity.address());
        CallRecord known = attempt().recorded(identity.address());
        this.sentEarlier = known == null ? 0 : known.tries();
        this.startedAt = known == null ? Instant.EPOCH : known.startedAt();
        this.rule = known == null ? null : known.rule();
    }

    /** Which call it is. */
    CallIdentity identity() {
        return identity;
    }

    Attempt attempt() {
        return identity.context().attempt();
    }

    ToolSpec spec() {
        return identity.tool().spec();
    }

    /** What became of the call, or null while that is not known. */
    @Nullable
    ToolOutcome outcome() {
        return outcome;
    }

    /** Whether it is known what became of the call. */
    boolean isAnswered() {
        return outcome != null;
    }

    /** Whether this attempt has put on record that the call may be under way. */
    boolean hasBegun() {
        return begun;
    }

    /** Whether the journal must hold that the call may be under way, and does not, before it is made. */
    boolean isToBeRecordedFirst() {
        CallRecord known = attempt().recorded(identity.address());
        boolean waited = known != null && known.state() == CallState.PENDING;
        return !begun && !doubtful && (isRecordedFirst() || needsApproval || waited || limit != null);
    }

    /** The effect that it is to have and no other call may have, or why its tool cannot name that. */
    CallEffect effect() {
        CallEffect known = effect;
        if (known == null) {
            known = CallEffect.of(identity);
            effect = known;
        }
        return known;
    }

    /** Whether its end may concern others: it may have an effect, also one that its tool does not name any more. */
    boolean mayHaveEffect() {
        CallRecord known = attempt().recorded(identity.address());
        return spec().effectKey() != null
                || identity.request().effect() != null
                || known != null && known.token() != attempt().lease().token();
    }

    /** What it met when it was to begin and another call had its effect; null where none had. */
    @Nullable
    Meeting meeting() {
        return meeting;
    }

    /** Whether its result is that of a read on which nothing depends yet, and about which nothing is on record. */
    boolean mayBeDeferred() {
        return spec().readOnly() && !begun && !doubtful && !needsApproval && !mayHaveEffect();
    }

    private boolean isRecordedFirst() {
        return spec().isRecordedFirst() || identity.request().effect() != null && !spec().readOnly();
    }

    /** Whether a try of this or an earlier attempt may have taken effect. */
    boolean isDoubtful() {
        return doubtful;
    }

    /** Whether neither the same key nor a {@code reconcile} tool can tell if it took effect. */
    boolean isForAPerson() {
        return forAPerson;
    }

    /** How often this attempt has tried the call. */
    int tries() {
        return tries;
    }

    /**
     * How often this and earlier attempts have sent the call. A try sends nothing that an open breaker, a spent rate, the
     * journal or the cache ends before the tool's steps, or whose connection is refused.
     */
    int timesSent() {
        return sentEarlier + sent + (hasLastTrySent() ? 1 : 0);
    }

    private boolean hasLastTrySent() {
        return last != null && last.hasSent();
    }

    /** Whether the last try ran the tool's steps, and so did an earlier one of this attempt. */
    boolean wasRetried() {
        return ran && last != null && last.hasEntered();
    }

    /** Whether it has been sent as often as it may be in one attempt. */
    boolean isSpent() {
        return tries > spec().retries();
    }

    /** Whether the last try was a trial of a breaker that is half open. */
    boolean wasTrial() {
        return last != null && last.isTrial();
    }

    /** Whether the steps of the last try have ended, or end within this time. */
    boolean endsWithin(Duration patience) throws InterruptedException {
        return last == null || last.steps().endWithin(patience);
    }

    /** The call of the tool's rate that is kept for it. */
    Booking booking() {
        return booking;
    }

    /** It is tried, for the first time or again. */
    Try tried(Instant now) {
        sent += hasLastTrySent() ? 1 : 0;
        ran |= last != null && last.hasEntered();
        tries++;
        outcome = null;
        meeting = null;
        if (tries == 1) {
            startedAt = now;
        }
        last = new Try(this);
        return last;
    }

    /** The last try sent nothing, and none of its retries is spent on that. */
    void sentNothing() {
        tries--;
    }

    /** It is on record that the call may be under way, as far as it has to be. */
    void began(boolean recorded) {
        begun |= recorded || isRecordedFirst();
    }

    /** A try of this or an earlier attempt may have taken effect. */
    void mayHaveTakenEffect() {
        doubtful = true;
    }

    /** The rules have been asked whether it may be made now. */
    void judged(Verdict by) {
        verdict = by;
        if (by.rule() != null || !begun) { // it keeps the one under which it began
            rule = by.rule();
        }
    }

    /** What the rules said last. */
    Verdict verdict() {
        return verdict;
    }

    /** Rules ask what other tasks did before. */
    void isLimited(LimitedCall by) {
        limit = by;
    }

    /** What is asked about the calls of other tasks when it begins, or null. */
    @Nullable
    LimitedCall limit() {
        return limit;
    }

    /** A person has to approve it. */
    void needsApproval() {
        needsApproval = true;
    }

    /** A person is asked about it for this reason, though neither its tool nor a rule says so; null where there is none. */
    void asksBecause(@Nullable String why) {
        extraWhy = why;
    }

    /** The reason for which a person is asked beside those of its tool and of rules, or null. */
    @Nullable
    String asksBecause() {
        return extraWhy;
    }

    /**
     * It belongs to a dry run, which does not make it.
     *
     * @param asks why a person would have been asked about it, or null
     */
    void isNotMade(@Nullable String asks) {
        notMade = true;
        wouldAsk = asks;
    }

    /** Whether its dry run does not make it. */
    boolean isLeftOut() {
        return notMade;
    }

    /** Why a person would have been asked about it, or null. */
    @Nullable
    String wouldAsk() {
        return wouldAsk;
    }

    /** What must have been approved before it begins, or null. */
    @Nullable
    Grant grant() {
        return needsApproval
                ? new Grant(
                        attempt().task().addresses().of(approved().toArray(String[]::new)),
                        identity.tool().definition())
                : null;
    }

    /** The arguments, and the rules by which people are asked. */
    private List<String> approved() {
        List<String> approved =
                new ArrayList<>(List.of(identity.document(), spec().approval().rule()));
        approved.addAll(verdict.asked());
        return approved;
    }

    /** It waits for an approval. */
    CallRecord pending(Instant at) {
        startedAt = timesSent() == 0 ? at : startedAt;
        CallRecord known = attempt().recorded(identity.address());
        return record(CallState.PENDING, null, known == null ? null : SameEffect.decision(known), null);
    }

    /** It may have had another effect than that of an equal call under its key. */
    void mayHaveHadAnotherEffect() {
        forAPerson = true;
    }

    /** Another call has its effect. */
    void met(Meeting how) {
        meeting = how;
    }

    /** Only a person can say what is to become of it: another call has its effect, with other arguments. */
    void conflictsWith(JsonNode other) {
        first = other;
        forAPerson = true;
    }

    /** It is known what became of it. */
    void answered(ToolOutcome with) {
        outcome = with;
    }

    /** Another tool is called in its place. */
    void fellBackOn(String other) {
        fallback = other;
    }

    /** It may be under way from now on; {@link #began} says that this is on record. */
    CallRecord started() {
        return record(CallState.STARTED, null, null, null, timesSent() + 1);
    }

    /** It has a result. */
    CallRecord succeeded(String result, Instant at) {
        return record(CallState.SUCCEEDED, result, null, at);
    }

    /** It is made no further now. It surely had no effect, or only reads, or may be repeated. */
    CallRecord putOff(String summary, Instant at) {
        begun = false;
        CallState state = doubtful && !spec().readOnly() ? CallState.IN_DOUBT : CallState.FAILED;
        return record(state, null, JournalRepository.error(summary), at);
    }

    /** It has turned out that no try of it took effect. */
    CallRecord surelyDidNot(String reason, Instant at) {
        doubtful = false;
        return putOff(reason, at);
    }

    /** It may have taken effect and must not be repeated: a {@code reconcile} tool or a person is asked. */
    CallRecord asks(String why, Instant at) {
        return record(CallState.IN_DOUBT, null, JournalRepository.error(why, first), at);
    }

    private CallRecord record(
            CallState state, @Nullable String result, @Nullable String error, @Nullable Instant finishedAt) {
        return record(state, result, error, finishedAt, timesSent());
    }

    private CallRecord record(
            CallState state,
            @Nullable String result,
            @Nullable String error,
            @Nullable Instant finishedAt,
            int timesSent) {
        return new CallRecord(
                attempt().task().id(),
                identity.address(),
                n,
                spec().name(),
                state,
                timesSent,
                attempt().lease().token(),
                identity.tool().definition(),
                fallback,
                identity.recorded(),
                result == null ? null : identity.redaction().in(result),
                error,
                startedAt,
                finishedAt,
                rule,
                identity.context().path());
    }
}
