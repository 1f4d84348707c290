package io.drover.model;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * What one agent step may spend, and what it has spent. A call reserves its worst case before it is made, and gives back
 * what it did not need. Thread-safe.
 */
public final class Allowance {

    private final @Nullable BigDecimal maxCostUsd;
    private final @Nullable Long maxTokens;
    private BigDecimal cost = BigDecimal.ZERO;
    private Usage usage = Usage.NONE;

    /** Limits; null for none. */
    public Allowance(@Nullable BigDecimal maxCostUsd, @Nullable Long maxTokens) {
        this.maxCostUsd = maxCostUsd;
        this.maxTokens = maxTokens;
    }

    synchronized void check(Usage worst, BigDecimal worstCost) {
        if (maxCostUsd != null && cost.add(worstCost).compareTo(maxCostUsd) > 0) {
            throw new BudgetExceededException("maxCostUsd: $%s of $%s is spent, and the next call may cost $%s"
                    .formatted(cost.toPlainString(), maxCostUsd.toPlainString(), worstCost.toPlainString()));
        }
        if (maxTokens != null && usage.total() + worst.total() > maxTokens) {
            throw new BudgetExceededException("maxTokens: %d of %d tokens are used, and the next call may use %d"
                    .formatted(usage.total(), maxTokens, worst.total()));
        }
    }

    /** Counts a call, whether it was made now or is replayed. */
    public synchronized void count(Usage used, BigDecimal usd) {
        usage = usage.plus(used);
        cost = cost.add(usd);
    }

    /** In dollars. */
    public synchronized BigDecimal cost() {
        return cost;
    }

    public synchronized Usage usage() {
        return usage;
    }
}
