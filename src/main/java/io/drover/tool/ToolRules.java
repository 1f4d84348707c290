package io.drover.tool;

import io.drover.start.Bounds;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What the options of a tool may be, wherever they are set. A value may still be text; a text that is not of its option's
 * type passes, because its type is checked elsewhere.
 */
public final class ToolRules {

    private ToolRules() {}

    /**
     * What is wrong with each option by itself; empty when nothing is.
     *
     * @param setting what an option is called where it was set, as {@code drover.tools.charge.max-result-bytes}
     * @param value   of an option, null where it is not set
     * @return sentences by option, each naming what was set, its value and the rule
     */
    public static SequencedMap<String, String> ofEach(
            UnaryOperator<String> setting, Function<String, @Nullable Object> value) {
        SequencedMap<String, String> problems = new LinkedHashMap<>();
        for (String option : ToolOptions.FIELDS.names()) {
            Object said = value.apply(option);
            String problem = said == null ? null : problem(option, setting.apply(option), said);
            if (problem != null) {
                problems.put(option, problem);
            }
        }
        return problems;
    }

    /** The same, and what is wrong with them together, where all that is said of the tool is known. */
    public static SequencedMap<String, String> ofAll(
            UnaryOperator<String> setting, Function<String, @Nullable Object> value) {
        SequencedMap<String, String> problems = ofEach(setting, value);
        Object cache = value.apply("cache");
        boolean cached = cache != null && !ToolOptions.CACHE.isLeast(cache);
        if (cached && !String.valueOf(value.apply("readOnlyHint")).equals("true")) {
            problems.putIfAbsent(
                    "cache",
                    "%s: only for a tool that changes nothing; say readOnlyHint: true if that is so"
                            .formatted(setting.apply("cache")));
        }
        return problems;
    }

    private static @Nullable String problem(String option, String setting, Object said) {
        Bounds<?> bounds = ToolOptions.BOUNDS.get(option);
        return bounds != null
                ? bounds.problem(setting, said)
                : option.equals("throttle") ? Rate.problem(setting, said.toString()) : null;
    }
}
