package io.drover.start;

import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.springframework.boot.context.properties.bind.AbstractBindHandler;
import org.springframework.boot.context.properties.bind.BindContext;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;

/**
 * Finds times without a unit: a small number is hardly meant as milliseconds, which it is for Camel and Spring Boot
 * alike. It is read as they do, and said.
 */
public final class BareTimes extends AbstractBindHandler {

    private static final ConfigurationPropertyName OURS = ConfigurationPropertyName.of("drover");

    /** Below a second. */
    private static final Pattern SMALL = Pattern.compile("\\+?0*[1-9]\\d{0,2}");

    private final UnaryOperator<String> placeholders;
    private final Consumer<String> said;

    /** @param said gets what is to be said of a property that is bound */
    public BareTimes(BindHandler parent, UnaryOperator<String> placeholders, Consumer<String> said) {
        super(parent);
        this.placeholders = placeholders;
        this.said = said;
    }

    /** Whether a time is a small number without a unit. */
    public static boolean isOne(String time) {
        return SMALL.matcher(time).matches();
    }

    /** What is to be said of it. */
    public static String problem(String name, String time) {
        return "%s (%s) has no unit, so it is in milliseconds; write %ss for seconds, or %sms"
                .formatted(name, time, time, time);
    }

    @Override
    public Object onSuccess(ConfigurationPropertyName name, Bindable<?> target, BindContext context, Object result) {
        ConfigurationProperty property = context.getConfigurationProperty();
        if (result instanceof Duration && property != null && OURS.isAncestorOf(name)) {
            String time =
                    placeholders.apply(String.valueOf(property.getValue())).strip();
            if (isOne(time)) {
                said.accept(problem(name.toString(), time));
            }
        }
        return super.onSuccess(name, target, context, result);
    }
}
