package io.drover.tool;

import static java.util.Objects.requireNonNullElse;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What makes two calls of a tool the same effect.
 *
 * @param key       text in the Simple language, over the arguments
 * @param namespace of the key; tools with the same one share their keys
 */
public record EffectKey(String key, Scope scope, String namespace) {

    /** Within which a key names one effect. */
    public enum Scope {
        TASK,
        WORKFLOW,
        ALL;

        /** As it is written. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static @Nullable EffectKey of(String tool, ToolOptions options) {
        return options.effectKey == null
                ? null
                : new EffectKey(
                        options.effectKey,
                        Scope.valueOf(
                                requireNonNullElse(options.effectScope, "all").toUpperCase(Locale.ROOT)),
                        requireNonNullElse(options.effect, tool));
    }

    /** Why an option cannot have the value, or null. */
    static @Nullable String problem(String option, String setting, String said) {
        switch (option) {
            case "effectKey":
                return said.isBlank() ? setting + " is blank, so nothing would tell one effect from another" : null;
            case "effectScope":
                boolean known = Arrays.stream(Scope.values())
                        .anyMatch(scope -> scope.word().equals(said));
                return known || said.contains("{{")
                        ? null
                        : "%s (%s) must be one of %s"
                                .formatted(
                                        setting,
                                        said,
                                        Arrays.stream(Scope.values())
                                                .map(Scope::word)
                                                .collect(Collectors.joining(", ")));
            default:
                try {
                    if (!said.contains("{{")) {
                        ToolName.check(setting, said);
                    }
                    return null;
                } catch (IllegalArgumentException e) {
                    return e.getMessage();
                }
        }
    }
}
