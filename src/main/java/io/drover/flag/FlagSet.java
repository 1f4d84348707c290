package io.drover.flag;

import com.fasterxml.jackson.databind.JsonNode;
import dev.openfeature.contrib.providers.flagd.resolver.process.targeting.Operator;
import dev.openfeature.contrib.providers.flagd.resolver.process.targeting.TargetingRuleException;
import dev.openfeature.sdk.EvaluationContext;
import dev.openfeature.sdk.ImmutableContext;
import dev.openfeature.sdk.Reason;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** All flags of a file. flagd's own code evaluates their targeting. */
public final class FlagSet {

    public static final FlagSet NONE = new FlagSet(Set.of());

    private final Map<String, Flag> flags;
    private final Operator operator = new Operator(); // it remembers each targeting that it has parsed

    public FlagSet(Collection<Flag> flags) {
        this.flags = flags.stream().collect(Collectors.toUnmodifiableMap(Flag::name, Function.identity()));
    }

    public Set<String> names() {
        return flags.keySet();
    }

    /**
     * What a flag is.
     *
     * @param value   null where the expression that asks says what it is
     * @param variant null where there is none
     * @param problem why the targeting could not be asked, or null
     */
    record Found(@Nullable JsonNode value, @Nullable String variant, Reason reason, @Nullable String problem) {}

    /** Null where there is no such flag. */
    @Nullable
    Found find(String name, EvaluationContext context) {
        Flag flag = flags.get(name);
        if (flag == null) {
            return null;
        }
        if (!flag.enabled()) {
            return new Found(null, null, Reason.DISABLED, null);
        }
        if (flag.targeting() == null) {
            return byDefault(flag, Reason.STATIC, null);
        }
        try {
            Object result = operator.apply(
                    name, flag.targeting(), new ImmutableContext(context.getTargetingKey(), context.asMap()));
            if (result == null) {
                return byDefault(flag, Reason.DEFAULT, null);
            }
            String variant = result.toString(); // true and false name variants, too
            JsonNode value = flag.variants().get(variant);
            return value == null
                    ? byDefault(flag, Reason.ERROR, "the targeting says '%s', which is no variant".formatted(variant))
                    : new Found(value, variant, Reason.TARGETING_MATCH, null);
        } catch (TargetingRuleException | RuntimeException | StackOverflowError e) {
            return byDefault(flag, Reason.ERROR, "the targeting cannot be evaluated: " + cause(e));
        }
    }

    private static Found byDefault(Flag flag, Reason reason, @Nullable String problem) {
        String variant = flag.defaultVariant();
        return new Found(variant == null ? null : flag.variants().get(variant), variant, reason, problem);
    }

    private static String cause(Throwable thrown) {
        Throwable cause = thrown;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return String.valueOf(cause.getMessage());
    }
}
