package io.drover.start;

import org.springframework.beans.BeanInstantiationException;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.core.env.Environment;

/** Settings of an environment in which nothing has started, for commands. */
public final class BoundSettings {

    private BoundSettings() {}

    /**
     * Reads the settings below a prefix.
     *
     * @throws RefusedToStartException when one of them breaks a rule
     */
    public static <T> T of(Environment environment, String prefix, Class<T> type) {
        return of(environment, prefix, type, BindHandler.DEFAULT);
    }

    /**
     * The same.
     *
     * @param handler hears each setting
     */
    public static <T> T of(Environment environment, String prefix, Class<T> type, BindHandler handler) {
        try {
            return Binder.get(environment).bindOrCreate(prefix, Bindable.of(type), handler);
        } catch (BindException e) {
            String why = e.getCause() instanceof BeanInstantiationException refused && refused.getCause() != null
                    ? String.valueOf(refused.getCause().getMessage())
                    : "%s: %s"
                            .formatted(
                                    e.getMessage(),
                                    NestedExceptionUtils.getMostSpecificCause(e).getMessage());
            throw new RefusedToStartException(why, e);
        }
    }
}
