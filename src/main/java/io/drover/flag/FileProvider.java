package io.drover.flag;

import dev.openfeature.sdk.ErrorCode;
import dev.openfeature.sdk.EvaluationContext;
import dev.openfeature.sdk.FeatureProvider;
import dev.openfeature.sdk.Metadata;
import dev.openfeature.sdk.ProviderEvaluation;
import dev.openfeature.sdk.Value;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The flags of the file, as a provider of OpenFeature. */
final class FileProvider implements FeatureProvider {

    private final FlagsInForce inForce;

    FileProvider(FlagsInForce inForce) {
        this.inForce = inForce;
    }

    @Override
    public Metadata getMetadata() {
        return () -> "flags.yaml";
    }

    @Override
    public ProviderEvaluation<Value> getObjectEvaluation(String flag, Value other, EvaluationContext context) {
        return evaluate(flag, other, context, Function.identity());
    }

    @Override
    public ProviderEvaluation<Boolean> getBooleanEvaluation(String flag, Boolean other, EvaluationContext context) {
        return evaluate(flag, other, context, Value::asBoolean);
    }

    @Override
    public ProviderEvaluation<String> getStringEvaluation(String flag, String other, EvaluationContext context) {
        return evaluate(flag, other, context, Value::asString);
    }

    @Override
    public ProviderEvaluation<Integer> getIntegerEvaluation(String flag, Integer other, EvaluationContext context) {
        return evaluate(flag, other, context, Value::asInteger);
    }

    @Override
    public ProviderEvaluation<Double> getDoubleEvaluation(String flag, Double other, EvaluationContext context) {
        return evaluate(flag, other, context, Value::asDouble);
    }

    private <T> ProviderEvaluation<T> evaluate(
            String flag, T other, EvaluationContext context, Function<Value, @Nullable T> type) {
        FlagSet flags = inForce.current();
        FlagSet.Found found = flags == null ? null : flags.find(flag, context);
        if (found == null) {
            return ProviderEvaluation.<T>builder()
                    .value(other)
                    .errorCode(ErrorCode.FLAG_NOT_FOUND)
                    .errorMessage("no flag of this name is defined")
                    .build();
        }
        T value = found.value() == null ? other : type.apply(Values.of(found.value()));
        return value == null
                ? ProviderEvaluation.<T>builder()
                        .value(other)
                        .errorCode(ErrorCode.TYPE_MISMATCH)
                        .errorMessage("the value of variant '%s' is of another type".formatted(found.variant()))
                        .build()
                : ProviderEvaluation.<T>builder()
                        .value(value)
                        .variant(found.variant())
                        .reason(found.reason().name())
                        .errorMessage(found.problem())
                        .build();
    }
}
