package io.drover.route.check;

/**
 * What matching a part of a regular expression costs at worst.
 *
 * @param ways   in which it can match at one place
 * @param degree how many times the length of the text is a factor of the steps
 */
record MatchCost(long ways, int degree) {

    static final long MOST_WAYS = 100;
    static final MatchCost ONE = new MatchCost(1, 0);

    /** It costs too much to tell how much; the message says why. */
    static final class CostlyException extends RuntimeException {
        CostlyException(String message) {
            super(message, null, false, false);
        }
    }

    MatchCost then(MatchCost next) {
        return new MatchCost(Math.min(ways * next.ways, MOST_WAYS + 1), degree + next.degree);
    }

    MatchCost or(MatchCost other) {
        return new MatchCost(Math.min(ways + other.ways, MOST_WAYS + 1), Math.max(degree, other.degree));
    }

    /**
     * What repeating the part costs.
     *
     * @param most       {@link Long#MAX_VALUE} where it has no end
     * @param possessive whether it gives nothing back
     * @param anywhere   whether it is looked for at each place of a text
     */
    MatchCost repeated(long least, long most, boolean possessive, boolean anywhere) {
        boolean single = ways == 1 && degree == 0;
        if (most == Long.MAX_VALUE) {
            if (degree > 0 || !single && !possessive) {
                throw new CostlyException(
                        "it repeats a group that can match in several ways; repeat one character or class instead");
            }
            return new MatchCost(ways, possessive && !anywhere ? 0 : 1);
        }
        if (single) {
            return new MatchCost(possessive ? 1 : Math.min(most - least + 1, MOST_WAYS + 1), 0);
        }
        MatchCost cost = most == least ? ONE : new MatchCost(1 + Math.min(most - least, MOST_WAYS), 0);
        for (long i = 0; i < Math.min(most, MOST_WAYS); i++) {
            cost = cost.then(this);
        }
        return cost;
    }
}
