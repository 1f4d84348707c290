package io.drover.model;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * What one agent step may spend, and what it has spent.
 * A try reserves its worst case before it is made.
 * The reservation is returned when its answer is counted, or when the try surely was not charged.
 * The reservation of a try that was charged without an answer stays for the rest of the attempt.
 * Thread-safe.
 */
public final class Allowance {

    private final @Nullable BigDecimal maxCostUsd;
    private final @Nullable Long maxTokens;
    private BigDecimal cost = BigDecimal.ZERO;
    private Usage usage = Usage.NONE;

    /** For tries that are under way, or brought no answer. */
    private BigDecimal takenUsd = BigDecimal.ZERO;

    private long takenTokens;

    /** Limits; null for none. */
    public Allowance(@Nullable BigDecimal maxCostUsd, @Nullable Long maxTokens) {
        this.maxCostUsd = maxCostUsd;
        this.maxTokens = maxTokens;
    }

    /** @throws BudgetExceededException when less than that is left; then nothing is reserved */
    synchronized void take(Usage worst, BigDecimal worstUsd) {
        BigDecimal spent = cost.add(takenUsd);
        long used = usage.total() + takenTokens;
        if (maxCostUsd != null && spent.add(worstUsd).compareTo(maxCostUsd) > 0) {
            throw new BudgetExceededException("maxCostUsd: $%s of $%s is spent, and the next call may cost $%s"
                    .formatted(spent.toPlainString(), maxCostUsd.toPlainString(), worstUsd.toPlainString()));
        }
        if (maxTokens != null && used + worst.total() > maxTokens) {
            throw new BudgetExceededException("maxTokens: %d of %d tokens are used, and the next call may use %d"
                    .formatted(used, maxTokens, worst.total()));
        }
        takenUsd = takenUsd.add(worstUsd);
        takenTokens += worst.total();
    }

    synchronized void putBack(Usage worst, BigDecimal worstUsd) {
        takenUsd = takenUsd.subtract(worstUsd);
        takenTokens -= worst.total();
    }

    /** Counts an answer, whether it is new or replayed. */
    public synchronized void count(Usage used, BigDecimal usd) {
        usage = usage.plus(used);
        cost = cost.add(usd);
    }

    /** Of the answers, in dollars. */
    public synchronized BigDecimal cost() {
        return cost;
    }

    /** Of the answers. */
    public synchronized Usage usage() {
        return usage;
    }
}
