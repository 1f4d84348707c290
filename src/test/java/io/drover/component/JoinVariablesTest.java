package io.drover.component;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.Quick;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

@Quick
class JoinVariablesTest {

    private static final DefaultCamelContext CAMEL = new DefaultCamelContext();

    @BeforeAll
    static void start() throws Exception {
        CAMEL.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                errorHandler(noErrorHandler());
                from("direct:join")
                        .multicast(new JoinVariables())
                        .parallelProcessing()
                        .stopOnException()
                        .to("direct:one", "direct:two", "direct:three")
                        .end()
                        .setVariable("after", simple("${body}"));
                from("direct:one")
                        .setVariable("one", constant(1))
                        .setVariable("changed", constant("by one"))
                        .setBody(constant("lost"));
                from("direct:two")
                        .filter(simple("${variable.fail} == true"))
                        .throwException(new IllegalStateException("two"))
                        .end()
                        .setVariable("two", constant(2));
                from("direct:three").setVariable("three", constant(3)).setBody(constant("lost too"));
            }
        });
        CAMEL.start();
    }

    @AfterAll
    static void stop() {
        CAMEL.stop();
    }

    @Test
    void keepsTheVariablesOfAllBranchesAndTheBodyFromBefore() {
        Exchange result = send(false);

        assertThat(result.getVariables())
                .containsEntry("one", 1)
                .containsEntry("two", 2)
                .containsEntry("three", 3)
                .containsEntry("after", "ticket");
    }

    /** Each branch has its own copy of what was there before; that of a later one is no change. */
    @Test
    void keepsWhatABranchChanges() {
        assertThat(send(false).getVariables())
                .containsEntry("changed", "by one")
                .containsEntry("kept", "as it was");
    }

    @Test
    void passesOnTheExceptionOfABranch() {
        assertThat(send(true).getException()).rootCause().hasMessage("two");
    }

    private static Exchange send(boolean fail) {
        return CAMEL.createProducerTemplate().request("direct:join", exchange -> {
            exchange.setVariable("fail", fail);
            exchange.setVariable("changed", "by nobody");
            exchange.setVariable("kept", "as it was");
            exchange.getMessage().setBody("ticket");
        });
    }
}
