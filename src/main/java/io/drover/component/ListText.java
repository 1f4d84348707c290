package io.drover.component;

import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.TypeConverterRegistry;
import org.apache.camel.spring.boot.CamelContextConfiguration;
import org.apache.camel.support.SimpleTypeConverter;
import org.springframework.stereotype.Component;

/**
 * Formats a list as text, as in {@code ${variable.rows}}: {@code [a, b]}.
 * Without it, the text depends on what the process has converted before.
 * Spring's converter ({@code a,b}) and Camel's own replace each other, so a later attempt would call a tool with
 * another text.
 */
@Component
class ListText implements CamelContextConfiguration {

    @Override
    public void beforeApplicationStart(CamelContext context) {
        TypeConverterRegistry converters = context.getTypeConverterRegistry();
        converters.addTypeConverter(
                String.class, List.class, new SimpleTypeConverter(false, (type, exchange, value) -> value.toString()));
    }

    @Override
    public void afterApplicationStart(CamelContext context) {
        // all is said before
    }
}
