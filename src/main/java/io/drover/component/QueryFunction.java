package io.drover.component;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.spi.SimpleFunction;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * {@code ${query('status,max=limit')}}: the variables {@code status} and {@code limit} as a query, {@code status=open&max=5}.
 * A variable that is not there is left out, and each element of a list is a value of its own.
 * Values are percent-encoded as {@code ${url(...)}} encodes them; the names are the author's, and stay as they are.
 */
@Component
class QueryFunction implements SimpleFunction {

    @Override
    public String getName() {
        return "query";
    }

    /** @return null if none of the variables is there, so that the URL has no query */
    @Override
    public @Nullable Object apply(Exchange exchange, Object input) {
        List<String> parts = new ArrayList<>();
        for (String part : String.valueOf(input).split(",")) {
            String[] names = part.strip().split("=", 2);
            Object value = exchange.getVariable(names[names.length - 1].strip());
            if (value instanceof Collection<?> values) {
                values.forEach(one -> add(exchange, names[0].strip(), one, parts));
            } else {
                add(exchange, names[0].strip(), value, parts);
            }
        }
        return parts.isEmpty() ? null : String.join("&", parts);
    }

    private static void add(Exchange exchange, String name, @Nullable Object value, List<String> parts) {
        if (value instanceof Map || value instanceof Collection) {
            throw UrlValueException.ofQuery(name);
        }
        if (value != null) {
            String text = exchange.getContext().getTypeConverter().convertTo(String.class, value);
            parts.add("%s=%s".formatted(name, UrlFunction.encoded(text)));
        }
    }
}
