package io.drover.route;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drover.Quick;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.model.Model;
import org.apache.camel.model.ModelLifecycleStrategySupport;
import org.apache.camel.model.Resilience4jConfigurationDefinition;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.spi.Policy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Routes that did not come from a file, as from a jar in lib/, are held to the same table. */
@Quick
class AwaitedRoutesTest {

    private final CamelContext camel = new DefaultCamelContext();

    /** As the process does when a route is added, from wherever. */
    @BeforeEach
    void prepare() {
        camel.getCamelContextExtension()
                .getContextPlugin(Model.class)
                .addModelLifecycleStrategy(new ModelLifecycleStrategySupport() {
                    @Override
                    public void onAddRouteDefinition(RouteDefinition route) {
                        AwaitedRoutes.prepare(route);
                    }
                });
    }

    @AfterEach
    void stop() {
        camel.stop();
    }

    @Test
    void aPolicyOfTheAuthorIsRefused() {
        camel.getRegistry().bind("again", Policy.class, new Policy() {
            @Override
            public void beforeWrap(org.apache.camel.Route route, org.apache.camel.NamedNode node) {}

            @Override
            public org.apache.camel.Processor wrap(org.apache.camel.Route route, org.apache.camel.Processor processor) {
                return exchange -> {
                    processor.process(exchange);
                    processor.process(exchange);
                };
            }
        });

        refuses("write the steps without it: a tool has retries", new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:in").policy("again").to("log:paid").end();
            }
        });
    }

    @Test
    void stepsBeforeTheStepsOfOthersAreRefused() {
        refuses("write its steps into the route", new RouteBuilder() {
            @Override
            public void configure() {
                intercept().to("log:paid");
                from("direct:in").to("log:in");
            }
        });
        refuses("write its steps at the beginning of the route", new RouteBuilder() {
            @Override
            public void configure() {
                interceptFrom().stop();
                from("direct:in").to("log:in");
            }
        });
        refuses("interceptSendToEndpoint changes the messages of all other routes", new RouteBuilder() {
            @Override
            public void configure() {
                interceptSendToEndpoint("log:*").to("log:paid");
                from("direct:in").to("log:in");
            }
        });
        refuses("its failure is lost", new RouteBuilder() {
            @Override
            public void configure() {
                onCompletion().to("log:paid");
                from("direct:in").to("log:in");
            }
        });
        refuses("rolls back what Drover records", new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:in").transacted().to("log:in");
            }
        });
    }

    @Test
    void defaultsOfAllCircuitBreakersAreRefusedWhereThereIsOne() {
        RouteBuilder breaker = new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:in").circuitBreaker().to("log:in").end();
            }
        };
        RouteDefinition tool = new RouteDefinition();
        tool.setId("pay");
        tool.from("tool:pay");
        tool.setCamelContext(camel);
        assertThatCode(() -> load(breaker)).doesNotThrowAnyException();
        assertThatCode(() -> AwaitedRoutes.prepare(tool)).doesNotThrowAnyException();

        Resilience4jConfigurationDefinition defaults = new Resilience4jConfigurationDefinition();
        camel.getRegistry().bind("resilience4j-configuration", defaults);
        refuses("remove the bean resilience4j-configuration", breaker);
        assertThatThrownBy(() -> AwaitedRoutes.prepare(tool)).hasMessageContaining("also in the guard of tools");

        camel.getRegistry().unbind("resilience4j-configuration");
        assertThatCode(() -> AwaitedRoutes.prepare(tool)).doesNotThrowAnyException();
        camel.getCamelContextExtension().getContextPlugin(Model.class).setResilience4jConfiguration(defaults);
        assertThatThrownBy(() -> AwaitedRoutes.prepare(tool)).hasMessageContaining("also in the guard of tools");
    }

    @Test
    void joiningBranchesConcurrentlyIsRefused() {
        refuses("the failure of one may be lost", new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:in")
                        .multicast()
                        .parallelProcessing()
                        .parallelAggregate()
                        .to("log:a", "log:b");
            }
        });
    }

    @Test
    void aCircuitBreakerOfABeanIsRefused() {
        refuses("may treat failures as success", new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:in")
                        .circuitBreaker()
                        .resilience4jConfiguration()
                        .circuitBreaker("theirs")
                        .end()
                        .to("log:in")
                        .end();
            }
        });
    }

    private void refuses(String problem, RouteBuilder routes) {
        assertThatThrownBy(() -> load(routes)).hasStackTraceContaining(problem);
    }

    private void load(RouteBuilder routes) throws Exception {
        camel.addRoutes(routes);
    }
}
