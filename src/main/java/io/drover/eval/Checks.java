package io.drover.eval;

import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.SimpleType;
import io.drover.cel.Condition;
import io.drover.cel.ConditionLanguage;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/** What a good task fulfils. One of which it cannot be said does not. */
public final class Checks {

    /** In characters. */
    private static final int LONGEST = 1_000;

    private static final int MOST_ITERATIONS = 10_000;

    static final ConditionLanguage LANGUAGE =
            new ConditionLanguage(names(), LONGEST, MOST_ITERATIONS, "size(output.answer) < 2000");

    private final Map<String, Condition> conditions = new LinkedHashMap<>();

    Checks(Map<String, String> checks) {
        checks.forEach((name, condition) -> conditions.put(name, LANGUAGE.condition(condition)));
    }

    private static SequencedMap<String, CelType> names() {
        SequencedMap<String, CelType> names = new LinkedHashMap<>();
        names.put("input", SimpleType.DYN);
        names.put("output", SimpleType.DYN);
        names.put("calls", ListType.create(SimpleType.DYN));
        names.put("seconds", SimpleType.DOUBLE);
        names.put("usd", SimpleType.DOUBLE);
        names.put("attempts", SimpleType.INT);
        return names;
    }

    /**
     * The name of the first that a task does not fulfil.
     *
     * @param values by their names
     */
    public Optional<String> broken(Map<String, ?> values) {
        return conditions.entrySet().stream()
                .filter(check -> !check.getValue().holds(values).orElse(false))
                .map(Map.Entry::getKey)
                .findFirst();
    }
}
