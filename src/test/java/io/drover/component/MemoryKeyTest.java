package io.drover.component;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.Quick;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Quick
class KeyTemplateTest {

    private final DefaultCamelContext context = new DefaultCamelContext();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "none",
            textBlock =
                    """
                    ${body[email]}                              | ada@mail.example
                    customer/${body[email]}                     | customer/ada@mail.example
                    ${body[tenant]}/${body[email]}/x            | acme/ada@mail.example/x
                    ${body[${variable.which}]}                  | ada@mail.example
                    ${body[number]}                             | 7
                    all                                         | all
                    a } b { c                                   | a } b { c
                    ${body[phone]}                              | none
                    customer/${body[phone]}                     | none
                    ${body[email]}/${body[blank]}               | none
                    '  '                                        | none
                    """)
    void isWhatTheExpressionsSayOrNone(String text, String key) {
        Exchange exchange = new DefaultExchange(context);
        exchange.setVariable("which", "email");
        exchange.getMessage().setBody(Map.of("email", "ada@mail.example", "tenant", "acme", "number", 7, "blank", " "));

        assertThat(new KeyTemplate(text, context).of(exchange)).isEqualTo(key);
    }
}
