package io.drover.rules;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What all rules say about a call.
 *
 * @param ruling what is enforced; {@link Ruling#PERMIT} also where no rule is about the call
 * @param rule   the id and the digest of the rule that decides, or null
 * @param reason why it decides so, in words, or empty
 * @param asked  the ids and digests of all rules that ask
 * @param seen   what each rule said, for metrics
 * @param waits  whether nothing is decided yet, because a rule asks about a call that is under way
 */
public record Verdict(
        Ruling ruling, @Nullable String rule, String reason, List<String> asked, List<Seen> seen, boolean waits) {

    public static final Verdict NONE = new Verdict(Ruling.PERMIT, null, "", List.of(), List.of(), false);

    /**
     * One rule.
     *
     * @param said permit, ask, forbid or error
     */
    public record Seen(String id, String said, boolean enforced) {}

    public boolean asks() {
        return ruling == Ruling.ASK;
    }

    /** This and what other rules say, which ask. */
    public Verdict and(Verdict asking) {
        Verdict decides = asks() ? this : asking;
        List<String> all =
                Stream.concat(asked.stream(), asking.asked.stream()).distinct().toList();
        return new Verdict(decides.ruling, decides.rule, decides.reason, all, seen, false);
    }
}
