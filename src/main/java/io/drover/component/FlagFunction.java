package io.drover.component;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.drover.guard.TaskContext;
import io.drover.guard.TaskFlags;
import io.drover.route.check.FlagLanguage;
import java.math.BigDecimal;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.apache.camel.spi.SimpleFunction;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** <code>${flag:new-model:off}</code>: what a flag is for the task, or the default behind the second colon. */
@Component
class FlagFunction implements SimpleFunction {

    private static final Pattern NUMBER = Pattern.compile("-?(?:0|[1-9]\\d{0,17})(?:\\.\\d{1,17})?");

    private final TaskFlags flags;

    FlagFunction(TaskFlags flags) {
        this.flags = flags;
    }

    @Override
    public String getName() {
        return FlagLanguage.FUNCTION;
    }

    @Override
    public @Nullable Object apply(Exchange exchange, Object input) {
        String said = String.valueOf(input);
        Matcher reference = FlagLanguage.REFERENCE.matcher(said);
        if (!reference.matches()) {
            throw new IllegalArgumentException("'%s' is not the name of a flag; write ${flag:<name>}".formatted(said));
        }
        TaskContext context = TaskContext.of(exchange);
        if (context == null) {
            throw new IllegalStateException(
                    "${flag:%s} works only in a task, which has one value of it: submit one with to: task:<workflow>, and ask for the flag in its route"
                            .formatted(said));
        }
        String other = reference.group(2);
        return flags.value(context, reference.group(1), other == null ? null : typed(other));
    }

    /** A default is of the type that it looks like, as a value in the file is. */
    private static JsonNode typed(String text) {
        if (text.equals("true") || text.equals("false")) {
            return BooleanNode.valueOf(text.equals("true"));
        }
        return NUMBER.matcher(text).matches() ? DecimalNode.valueOf(new BigDecimal(text)) : TextNode.valueOf(text);
    }
}
