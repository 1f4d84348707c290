package io.drover.rules;

import dev.cel.runtime.CelEvaluationException;
import io.drover.json.Excerpt;
import io.drover.rules.Verdict.Seen;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * All rules of a file.
 * One that forbids wins over one that asks, and this over one that permits.
 * Where rules permit some calls of a tool, the others are forbidden.
 */
public final class Rules {

    public static final Rules NONE = new Rules(List.of());

    private final List<Rule> rules;
    private final Map<String, List<Rule>> byTool = new ConcurrentHashMap<>();
    private final boolean limits;

    public Rules(List<Rule> rules) {
        this.rules = List.copyOf(rules);
        this.limits = rules.stream().anyMatch(rule -> rule.per() != null);
    }

    /**
     * A rule about the calls of all tasks that have something in common with a call.
     *
     * @param subject what that is
     */
    public record Limit(Rule rule, UUID subject) {

        public Duration within() {
            return Objects.requireNonNull(rule.per()).within();
        }
    }

    /** Whether any rule is about the calls of several tasks. */
    public boolean haveLimits() {
        return limits;
    }

    /** Whether no rule is about a tool. */
    public boolean areSilentOn(String tool) {
        return rules.isEmpty() || about(tool).isEmpty();
    }

    /** The same rules, where one is enforced though it only observes. */
    public Rules enforcing(String id) {
        return new Rules(rules.stream()
                .map(rule -> rule.id().equals(id) ? rule.enforced() : rule)
                .toList());
    }

    private List<Rule> about(String tool) {
        return byTool.computeIfAbsent(
                tool, name -> rules.stream().filter(rule -> rule.isAbout(name)).toList());
    }

    /** What they say about a call, where the history of all of them is that of the call. */
    public Verdict on(CallFacts call) {
        return said(call, false);
    }

    /** The same without the rules about the calls of several tasks: see {@link #limits}. */
    public Verdict withoutLimits(CallFacts call) {
        return said(call, true);
    }

    private Verdict said(CallFacts call, boolean later) {
        if (areSilentOn(call.tool())) {
            return Verdict.NONE;
        }
        Tally tally = new Tally();
        for (Rule rule : about(call.tool())) {
            if (rule.covers(call)) {
                if (later && rule.per() != null) {
                    tally.addKey(rule, call);
                } else {
                    tally.add(rule, call);
                }
            }
        }
        return tally.verdict();
    }

    /** The rules about the calls of several tasks that are about a call, after {@link #withoutLimits} did not forbid it. */
    public List<Limit> limits(CallFacts call) {
        List<Limit> all = new ArrayList<>();
        for (Rule rule : about(call.tool())) {
            if (rule.per() != null && rule.covers(call)) {
                try {
                    all.add(new Limit(rule, rule.subject(call)));
                } catch (CelEvaluationException | RuntimeException | StackOverflowError e) {
                    continue; // it only observes: any other has forbidden the call
                }
            }
        }
        return all;
    }

    /** What these say about a call. @param history what was done before that counts for a rule */
    public static Verdict on(CallFacts call, List<Limit> limits, Function<Limit, TaskHistory> history) {
        Tally tally = new Tally();
        limits.forEach(limit -> tally.add(limit.rule(), call.after(history.apply(limit))));
        return tally.verdict();
    }

    /** What has been said so far. */
    private static final class Tally {

        private static final Verdict WAITS = new Verdict(Ruling.PERMIT, null, "", List.of(), List.of(), true);

        private final List<Seen> seen = new ArrayList<>();
        private final List<String> asked = new ArrayList<>();
        private final List<String> closed = new ArrayList<>();
        private boolean waits;
        private Verdict strongest = Verdict.NONE;

        void add(Rule rule, CallFacts call) {
            call.history().wasOpen();
            try {
                boolean holds = rule.holds(call);
                if (call.history().wasOpen() && !rule.observes()) {
                    waits = true;
                } else if (holds) {
                    say(rule, rule.then(), rule.then().word(), text(rule));
                } else if (rule.then() == Ruling.PERMIT && !rule.observes()) {
                    closed.add(rule.version());
                }
            } catch (CelEvaluationException
                    | RuntimeException
                    | StackOverflowError e) { // it may have forbidden the call
                say(rule, Ruling.FORBID, "error", failure(rule, e));
            }
        }

        /** Whether it can be said what the call has in common with others; if not, the rule may have forbidden it. */
        void addKey(Rule rule, CallFacts call) {
            try {
                rule.subject(call);
            } catch (CelEvaluationException | RuntimeException | StackOverflowError e) {
                say(rule, Ruling.FORBID, "error", failure(rule, e));
            }
        }

        private static String failure(Rule rule, Throwable e) {
            String why = Excerpt.of(String.valueOf(e.getMessage()), 300);
            return "rule %s cannot be evaluated: %s".formatted(rule.id(), why);
        }

        private static String text(Rule rule) {
            String verb =
                    switch (rule.then()) {
                        case FORBID -> "forbids it";
                        case ASK -> "asks a person";
                        case PERMIT -> "permits it";
                    };
            return "rule %s %s%s".formatted(rule.id(), verb, rule.why().isBlank() ? "" : ": " + rule.why());
        }

        private void say(Rule rule, Ruling ruling, String said, String reason) {
            seen.add(new Seen(rule.id(), said, !rule.observes()));
            if (rule.observes()) {
                return;
            }
            if (ruling == Ruling.ASK) {
                asked.add(rule.version());
            }
            if (strongest.rule() == null || ruling.compareTo(strongest.ruling()) > 0) {
                strongest = new Verdict(ruling, rule.version(), reason, List.of(), List.of(), false);
            }
        }

        Verdict verdict() {
            if (waits && strongest.ruling() != Ruling.FORBID) {
                return WAITS;
            }
            if (strongest.rule() == null && !closed.isEmpty()) {
                String ids = String.join(", ", closed.stream().map(Tally::id).toList());
                closed.forEach(version -> seen.add(new Seen(id(version), Ruling.FORBID.word(), true)));
                return new Verdict(
                        Ruling.FORBID,
                        closed.getFirst(),
                        "the tool may be called only as a rule permits, and none does; there are " + ids,
                        List.of(),
                        seen,
                        false);
            }
            return new Verdict(strongest.ruling(), strongest.rule(), strongest.reason(), asked, seen, false);
        }

        private static String id(String version) {
            return version.substring(0, version.indexOf('@'));
        }
    }
}
