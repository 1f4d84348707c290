package io.drover.guard;

import io.drover.tool.PermanentFailure;
import java.util.Set;
import org.apache.camel.CamelExchangeException;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.ExpressionEvaluationException;
import org.apache.camel.ExpressionIllegalSyntaxException;
import org.apache.camel.NoSuchBeanException;
import org.apache.camel.NoSuchLanguageException;
import org.apache.camel.NoTypeConversionAvailableException;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.component.bean.AmbiguousMethodCallException;
import org.apache.camel.component.bean.MethodNotFoundException;
import org.apache.camel.language.bean.RuntimeBeanExpressionException;
import org.jspecify.annotations.Nullable;

/**
 * Failures of a route itself: an expression that reads a field of what is not there, a type that cannot be had, a bean that does
 * not exist. Nothing was called, and another attempt, which hears the same as this one, would fail in the same way.
 */
public final class RouteMistakes {

    private static final Set<Class<? extends Throwable>> TYPES = Set.of(
            ExpressionIllegalSyntaxException.class,
            NoSuchBeanException.class,
            NoSuchLanguageException.class,
            NoTypeConversionAvailableException.class,
            MethodNotFoundException.class,
            AmbiguousMethodCallException.class);

    private RouteMistakes() {}

    /** Whether an exception says so by itself, without its causes. */
    static boolean isSaidBy(Throwable thrown) {
        return TYPES.stream().anyMatch(type -> type.isInstance(thrown)) || isMissingField(thrown);
    }

    /** Other exceptions of this type come from a method that was invoked, which may have done anything. */
    private static boolean isMissingField(Throwable thrown) {
        return thrown instanceof RuntimeBeanExpressionException
                && (thrown.getCause() == null
                        || thrown.getCause() instanceof IndexOutOfBoundsException outside
                                && String.valueOf(outside.getMessage()).contains(" bean: "));
    }

    /** The mistake that ended the steps of a route, under what Camel puts around it; null where something else did. */
    public static @Nullable Throwable find(@Nullable Throwable thrown) {
        for (Throwable t = thrown; t != null && !(t instanceof PermanentFailure); t = t.getCause()) {
            if (isSaidBy(t)) {
                return t;
            }
            boolean wraps = t.getClass() == RuntimeCamelException.class
                    || t instanceof CamelExecutionException
                    || t instanceof CamelExchangeException
                    || t instanceof ExpressionEvaluationException
                    || t instanceof RuntimeBeanExpressionException;
            if (!wraps) {
                return null;
            }
        }
        return null;
    }
}
