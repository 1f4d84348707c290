package io.drover.tool;

import io.drover.start.Bounds;
import java.time.Duration;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriParams;
import org.jspecify.annotations.Nullable;

/**
 * The options of a tool; null means not set.
 * A route {@code from: tool:<name>}, configuration below {@code drover.tools} and the code behind a {@link BuiltInTool}
 * all set the options in this class. The options in force become a {@link ToolSpec}.
 */
@UriParams
public class ToolOptions {

    public static final Bounds<Duration> TIMEOUT = Bounds.ofTime("1ms", "1d", "10s");
    /** Each try may cost money. */
    public static final Bounds<Integer> RETRIES = Bounds.of(0, 100, 2);
    /** 0 is no limit. */
    public static final Bounds<Integer> CONCURRENCY = Bounds.of(0, 1_000_000, 20);
    /** A result is held in memory, and in one row of the journal. */
    public static final Bounds<Integer> MAX_RESULT_BYTES = Bounds.of(1, 1 << 28, 1 << 20);
    /** 0 turns caching off. */
    static final Bounds<Duration> CACHE = Bounds.ofTime("0s", "365d", "5m");

    /** The clocks of an approval. */
    static final Bounds<Duration> DECISION = Bounds.ofTime("1ms", "365d", "3d");

    /** The allowed numbers and times, by option. */
    public static final Map<String, Bounds<?>> BOUNDS = Map.ofEntries(
            Map.entry("timeout", TIMEOUT),
            Map.entry("retries", RETRIES),
            Map.entry("backoff", Bounds.ofTime("0s", "1h", "200ms")),
            Map.entry("concurrency", CONCURRENCY),
            Map.entry("maxResultBytes", MAX_RESULT_BYTES),
            Map.entry("cache", CACHE),
            Map.entry("need", Bounds.of(1, 20, 2)),
            Map.entry("decideWithin", DECISION),
            Map.entry("useWithin", DECISION),
            Map.entry("remindAfter", DECISION),
            Map.entry("escalateAfter", DECISION));

    static final OptionFields<ToolOptions> FIELDS = new OptionFields<>(ToolOptions.class);

    @UriParam(label = "consumer", description = "The tool changes nothing, so its calls may be repeated at will.")
    protected @Nullable Boolean readOnlyHint;

    @UriParam(label = "consumer", description = "The tool may destroy or spend something.")
    protected @Nullable Boolean destructiveHint;

    @UriParam(label = "consumer", description = "Repeated calls with the same Idempotency-Key take effect once.")
    protected @Nullable Boolean idempotentHint;

    @UriParam(label = "consumer", description = "The tool reaches into the open world.")
    protected @Nullable Boolean openWorldHint;

    @UriParam(
            label = "consumer",
            description =
                    "When a person has to approve a call: always, never, or a Simple predicate over the arguments, as in ${variable.amount} > 100.")
    protected @Nullable String approval;

    @UriParam(
            label = "consumer",
            description = "Comma-separated users who may approve a call; each needs the role approver. Default: all.")
    protected @Nullable String approvers;

    @UriParam(label = "consumer", description = "The number of people who have to approve a call.")
    protected @Nullable Integer need;

    @UriParam(label = "consumer", description = "How long a call waits for the decision. Default: for ever.")
    protected @Nullable Duration decideWithin;

    @UriParam(label = "consumer", description = "How long after an approval the call may begin. Default: for ever.")
    protected @Nullable Duration useWithin;

    @UriParam(
            label = "consumer",
            description = "The tool that reminds people of a call that waits for an approval, as in tool:remind.")
    protected @Nullable String remind;

    @UriParam(label = "consumer", description = "How long a call has waited for an approval when it is called.")
    protected @Nullable Duration remindAfter;

    @UriParam(
            label = "consumer",
            description = "The tool that tells others of a call that waits for an approval, as in tool:page.")
    protected @Nullable String escalate;

    @UriParam(label = "consumer", description = "How long a call has waited for an approval when it is called.")
    protected @Nullable Duration escalateAfter;

    @UriParam(
            label = "consumer",
            description =
                    "What makes two calls the same effect, in the Simple language, as in ${variable.orderId}: of all calls with the same key, one is made.")
    protected @Nullable String effectKey;

    @UriParam(
            label = "consumer",
            enums = "task,workflow,all",
            description = "Within which an effectKey names one effect: the task, its workflow, or all tasks.")
    protected @Nullable String effectScope;

    @UriParam(
            label = "consumer",
            description =
                    "What an approver reads first, in the Simple language, as in Refund ${variable.amount} of ${variable.orderId}.")
    protected @Nullable String summary;

    @UriParam(
            label = "consumer",
            description =
                    "The namespace of the effectKey, which tools with the same effect share. The default is the tool.")
    protected @Nullable String effect;

    @UriParam(label = "consumer", description = "Calls for the whole fleet, as in 20/1s.")
    protected @Nullable String throttle;

    @UriParam(label = "consumer", description = "Concurrent calls in one process; 0 for no limit.")
    protected @Nullable Integer concurrency;

    @UriParam(label = "consumer", description = "For one try.")
    protected @Nullable Duration timeout;

    @UriParam(label = "consumer", description = "Tries after the first.")
    protected @Nullable Integer retries;

    @UriParam(label = "consumer", description = "The wait before the first retry; doubles with each.")
    protected @Nullable Duration backoff;

    @UriParam(label = "consumer", description = "The tool to call when the breaker is open or the retries are spent.")
    protected @Nullable String fallback;

    @UriParam(label = "consumer", description = "The read-only tool that says whether a call in doubt happened.")
    protected @Nullable String reconcile;

    @UriParam(
            label = "consumer",
            description =
                    "The read-only tool that answers in place of this one in a dry run: with what would be done, as far as it can tell.")
    protected @Nullable String preview;

    @UriParam(
            label = "consumer",
            description = "The result of a call in a dry run, as JSON, if there is no preview. Default: the arguments.")
    protected @Nullable String dryRunResult;

    @UriParam(label = "consumer", description = "The longest result that is accepted, in bytes.")
    protected @Nullable Integer maxResultBytes;

    @UriParam(
            label = "consumer",
            description = "How long a result answers equal calls of all tasks; only for a tool with readOnlyHint.")
    protected @Nullable Duration cache;

    @UriParam(
            label = "consumer",
            description =
                    "Fields of the arguments and the result that are never stored, as in card.number, customer.email.")
    protected @Nullable String redact;

    @UriParam(
            label = "consumer",
            description = "The flag that must be on for a task, or its calls of the tool are refused.")
    protected @Nullable String flag;

    /** Whether readOnlyHint is what a server elsewhere says of its tool. */
    private boolean claimed;

    /** The same options, of which a server elsewhere says that they are so. */
    public ToolOptions asClaimed() {
        claimed = true;
        return this;
    }

    boolean isClaimed() {
        return claimed;
    }

    /**
     * The problems of the values, by option; empty if there is none.
     *
     * @param setting the name of an option where it was set, as in {@code drover.tools.charge.max-result-bytes}
     * @return sentences that name the setting, its value and the rule
     */
    public SequencedMap<String, String> problems(UnaryOperator<String> setting) {
        return ToolRules.ofAll(setting, this::get);
    }

    /**
     * @param setting the name of an option where it was set
     * @throws IllegalArgumentException if a value breaks a rule
     */
    public void check(UnaryOperator<String> setting) {
        problems(setting).values().stream().findFirst().ifPresent(problem -> {
            throw new IllegalArgumentException(problem);
        });
    }

    /** These options; an option that is not set here is taken from the others. */
    public ToolOptions over(ToolOptions others) {
        ToolOptions both = new ToolOptions();
        FIELDS.fill(both, this, others);
        both.claimed = readOnlyHint == null ? others.claimed : claimed;
        return both;
    }

    /** The options that are set, as text. Equal options have equal texts. */
    @Override
    public String toString() {
        return FIELDS.names().stream()
                .filter(option -> get(option) != null)
                .map(option -> option + "=" + get(option))
                .collect(Collectors.joining(", "));
    }

    /** The value of an option; null if it is not set. */
    public @Nullable Object get(String option) {
        return FIELDS.get(this, option);
    }

    public void setReadOnlyHint(Boolean readOnlyHint) {
        this.readOnlyHint = readOnlyHint;
    }

    public void setDestructiveHint(Boolean destructiveHint) {
        this.destructiveHint = destructiveHint;
    }

    public void setIdempotentHint(Boolean idempotentHint) {
        this.idempotentHint = idempotentHint;
    }

    public void setOpenWorldHint(Boolean openWorldHint) {
        this.openWorldHint = openWorldHint;
    }

    public void setApproval(String approval) {
        this.approval = approval;
    }

    public void setApprovers(String approvers) {
        this.approvers = approvers;
    }

    public void setNeed(Integer need) {
        this.need = need;
    }

    public void setDecideWithin(Duration decideWithin) {
        this.decideWithin = decideWithin;
    }

    public void setUseWithin(Duration useWithin) {
        this.useWithin = useWithin;
    }

    public void setRemind(String remind) {
        this.remind = remind;
    }

    public void setRemindAfter(Duration remindAfter) {
        this.remindAfter = remindAfter;
    }

    public void setEscalate(String escalate) {
        this.escalate = escalate;
    }

    public void setEscalateAfter(Duration escalateAfter) {
        this.escalateAfter = escalateAfter;
    }

    public void setSummary(String summary) {
        this.summary = summary;
    }

    public void setEffectKey(String effectKey) {
        this.effectKey = effectKey;
    }

    public void setEffectScope(String effectScope) {
        this.effectScope = effectScope;
    }

    public void setEffect(String effect) {
        this.effect = effect;
    }

    public void setThrottle(String throttle) {
        this.throttle = throttle;
    }

    public void setConcurrency(Integer concurrency) {
        this.concurrency = concurrency;
    }

    public void setTimeout(Duration timeout) {
        this.timeout = timeout;
    }

    public void setRetries(Integer retries) {
        this.retries = retries;
    }

    public void setBackoff(Duration backoff) {
        this.backoff = backoff;
    }

    public void setFallback(String fallback) {
        this.fallback = fallback;
    }

    public void setReconcile(String reconcile) {
        this.reconcile = reconcile;
    }

    public void setPreview(String preview) {
        this.preview = preview;
    }

    public void setDryRunResult(String dryRunResult) {
        this.dryRunResult = dryRunResult;
    }

    public void setMaxResultBytes(Integer maxResultBytes) {
        this.maxResultBytes = maxResultBytes;
    }

    public void setRedact(String redact) {
        this.redact = redact;
    }

    public void setFlag(String flag) {
        this.flag = flag;
    }

    public void setCache(Duration cache) {
        this.cache = cache;
    }
}
