package io.drover.evaluation;

import com.fasterxml.jackson.databind.JsonNode;
import io.drover.json.Recorded;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Collection;
import java.util.Optional;
import java.util.regex.Pattern;

/** What evaluators answer. */
public final class Scores {

    private static final Pattern SCORE = Pattern.compile("0(\\.[0-9]{1,30})?|1(\\.0{1,30})?");

    /** Why an evaluation has no score. */
    public static final String NONE = "no task of the evaluator gave a score from 0 to 1";

    private Scores() {}

    /**
     * The mean of what an evaluator's tasks gave. Each is a number from 0 to 1, or an object with one as its {@code score}; a text
     * that is a number is one, as Simple and models write it.
     *
     * @param outputs of those that have one, JSON documents
     * @return empty where none gave a score
     */
    public static Optional<BigDecimal> mean(Collection<String> outputs) {
        return meanOf(outputs.stream().map(Scores::of).flatMap(Optional::stream).toList());
    }

    /** The mean of some scores; empty where there are none. */
    public static Optional<BigDecimal> meanOf(Collection<BigDecimal> scores) {
        return scores.stream()
                .reduce(BigDecimal::add)
                .map(sum -> sum.divide(BigDecimal.valueOf(scores.size()), MathContext.DECIMAL32));
    }

    private static Optional<BigDecimal> of(String document) {
        JsonNode output = Recorded.tree(document, () -> "the output of an evaluator");
        JsonNode score = output.isObject() ? output.path("score") : output;
        return Optional.of(score.asText().strip())
                .filter(text -> SCORE.matcher(text).matches())
                .map(BigDecimal::new);
    }
}
