package io.drover.guard;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.Quick;
import org.apache.camel.Exchange;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.language.bean.RuntimeBeanExpressionException;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Test;

/** What a method did that was called is no mistake of the route, whatever it threw. */
@Quick
class RouteMistakesTest {

    private final Exchange exchange = new DefaultExchange(new DefaultCamelContext());

    @Test
    void aMethodThatFailedMayDoBetter() {
        assertThat(find(new IllegalStateException("busy"))).isNull();
        assertThat(find(new IndexOutOfBoundsException("Index 3 out of bounds for length 2")))
                .isNull();
        assertThat(find(new IndexOutOfBoundsException("Index: 7, Size: 1 out of bounds with List from bean: [1]")))
                .isNotNull();
    }

    @Test
    void aCallThatRefusedItIsNone() {
        RuntimeBeanExpressionException mistake = new RuntimeBeanExpressionException(exchange, "bean", "[a][b]", "null");
        assertThat(RouteMistakes.find(new RuntimeCamelException(mistake))).isSameAs(mistake);
        assertThat(RouteMistakes.find(new DryRunException())).isNull();
        assertThat(RouteMistakes.find(new IllegalStateException(mistake))).isNull();
        assertThat(RouteMistakes.find(null)).isNull();
    }

    private Throwable find(RuntimeException cause) {
        return RouteMistakes.find(new RuntimeBeanExpressionException(exchange, "bean", "method", cause));
    }
}
