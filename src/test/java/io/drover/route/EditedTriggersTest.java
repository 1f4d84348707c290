package io.drover.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.Effort;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import javax.management.ObjectName;
import org.apache.camel.Exchange;
import org.apache.camel.ServiceStatus;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.component.seda.SedaEndpoint;
import org.apache.camel.spi.RouteController;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The files of triggers are edited: one consumer follows the other, and one that cannot start leaves the other at work. */
class EditedTriggersTest extends RouteFilesTestBase {

    private static final int SWAPS = Effort.of(12, 20); // ten after the second, as many as would be too many names

    @ParameterizedTest
    @CsvSource({
        "direct:swapped",
        "timer:swapped?period=20",
        "seda:swapped?pollTimeout=50",
        "quartz:swapped?cron=0/1+*+*+*+*+?"
    })
    void aTriggerIsSwappedWithoutTwoConsumersSideBySide(String uri) {
        FILES.answering("swapped", uri, "one");
        soon().until(() -> routeIds("swapped").size() == 1);

        FILES.answering("swapped", uri, "two");

        soon().untilAsserted(() -> {
            assertThat(routeIds("swapped")).hasSize(1).doesNotContain("swapped");
            assertThat(problem("swapped")).isNull();
        });
        if (uri.startsWith("direct")) {
            assertThat(producer.requestBody(uri, "", String.class)).isEqualTo("two");
        }
        FILES.delete("swapped");
        soon().until(() -> routeIds("swapped").isEmpty());
    }

    /** Many edits, of which none may leave a name behind: of each name there is one, and the newest consumes. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "direct:many",
                "seda:many?pollTimeout=50",
                "timer:many?period=50",
                "scheduler:many?delay=50",
                "quartz:many?cron=0/1+*+*+*+*+?",
                "file:target/many?delay=50&initialDelay=0&delete=true",
                "sql:select 1?delay=50&initialDelay=0"
            })
    void manySwapsLeaveOneOfEachNameAndTheNewestConsumes(String uri) throws Exception {
        told("many", uri, 0);
        soon().until(() -> routeIds("many").size() == 1);
        int own = 0;
        int all = 0;
        for (int i = 1; i <= SWAPS; i++) {
            told("many", uri, i);
            routes.reconcile();
            assertThat(problem("many")).isNull();
            assertThat(routeIds("many")).hasSize(1);
            own = i == 2 ? names("many") : own; // what a component has once is there by then
            all = i == 2 ? names("") : all;
        }
        assertThat(names("many")).as("names of its own in JMX").isLessThan(own + 10);
        assertThat(names("")).as("names in JMX").isLessThan(all + 10);
        awaitTold("many", uri, SWAPS);
        FILES.delete("many");
        soon().until(() -> routeIds("many").isEmpty());
    }

    /** A version that cannot start leaves the one before consuming, and in health. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "timer:kept?period=50 | quartz:kept?cron=0+0+0+1+1+?+2020",
                "quartz:kept?cron=0/1+*+*+*+*+? | quartz:kept?cron=0+0+0+1+1+?+2020",
                "timer:kept?period=50 | file:target/not-there?startingDirectoryMustExist=true&autoCreate=false",
                "file:target/kept?delay=50&delete=true |"
                        + " file:target/not-there?startingDirectoryMustExist=true&autoCreate=false",
                "sql:select 1?delay=50 | sql:select 1?delay=50&dataSource=#notThere",
                "seda:kept?pollTimeout=50 | seda:kept?pollTimeout=50&concurrentConsumers=many",
                "direct:kept | kafka:kept?keyDeserializer=not.There",
                "seda:kept?pollTimeout=50 | kafka:kept?keyDeserializer=not.There"
            })
    void aVersionThatCannotStartLeavesTheOneBeforeConsuming(String uri, String broken) throws Exception {
        told("kept", uri, 0);
        soon().until(() -> routeIds("kept").size() == 1);
        awaitTold("kept", uri, 0);

        told("kept", broken, 1);
        routes.reconcile();

        assertThat(problem("kept")).isNotNull();
        assertThat(problem("kept").runs()).isTrue();
        assertThat(routeIds("kept")).hasSize(1);
        heard("kept").reset();
        awaitTold("kept", uri, 0);
        assertThat(routes.areAllLoaded()).isTrue();

        told("kept", uri, 2);
        routes.reconcile();
        assertThat(problem("kept")).isNull();
        awaitTold("kept", uri, 2);
        FILES.delete("kept");
        soon().until(() -> routeIds("kept").isEmpty());
    }

    /** A person paused it, or stopped it: an edit that fails does not have it run again. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "direct:left | direct:there-from-the-start",
                "direct:left | kafka:left?keyDeserializer=not.There",
                "timer:left?period=50 | direct:there-from-the-start",
                "scheduler:left?delay=50 | direct:there-from-the-start",
                "quartz:left?cron=0/1+*+*+*+*+? | quartz:left?cron=0+0+0+1+1+?+2020",
                "file:target/left?delay=50&delete=true |"
                        + " file:target/not-there?startingDirectoryMustExist=true&autoCreate=false",
                "sql:select 1?delay=50 | sql:select 1?delay=50&dataSource=#notThere",
                "seda:left?pollTimeout=50 | direct:there-from-the-start",
                "seda:left?pollTimeout=50 | seda:left?pollTimeout=50&concurrentConsumers=many",
                "seda:left?pollTimeout=50 | kafka:left?keyDeserializer=not.There"
            })
    void aVersionThatCannotStartLeavesTheOneBeforeInItsState(String uri, String broken) throws Exception {
        RouteController control = camel.getRouteController();
        told("left", uri, 0);
        soon().until(() -> routeIds("left").size() == 1);
        awaitTold("left", uri, 0);

        control.suspendRoute(routeIds("left").getFirst());
        fail("left", uri, broken);
        assertThat(control.getRouteStatus(routeIds("left").getFirst())).isEqualTo(ServiceStatus.Suspended);
        heard("left").reset();
        control.resumeRoute(routeIds("left").getFirst());
        awaitTold("left", uri, 0);

        control.stopRoute(routeIds("left").getFirst());
        fail("left", uri, broken);
        assertThat(control.getRouteStatus(routeIds("left").getFirst())).isEqualTo(ServiceStatus.Stopped);
        heard("left").reset();
        control.startRoute(routeIds("left").getFirst());
        awaitTold("left", uri, 0);
        FILES.delete("left");
        soon().until(() -> routeIds("left").isEmpty());
    }

    /** An edit that fails when it is started; then the file is as it was. */
    private void fail(String id, String uri, String broken) {
        told(id, broken, 1);
        routes.reconcile();
        assertThat(problem(id)).isNotNull();
        assertThat(problem(id).runs()).isTrue();
        assertThat(routeIds(id)).hasSize(1);
        told(id, uri, 0);
        routes.reconcile();
        assertThat(problem(id)).isNull();
    }

    /** A route that tells its version to whoever looks. */
    private void told(String id, String uri, int version) {
        FILES.write(
                id,
                """
                - route:
                    id: %s
                    from:
                      uri: "%s"
                      steps:
                        - setBody:
                            expression:
                              constant:
                                expression: v%d
                        - to:
                            uri: mock:heard-%s
                """
                        .formatted(id, uri, version, id));
    }

    private MockEndpoint heard(String id) {
        return camel.getEndpoint("mock:heard-" + id, MockEndpoint.class);
    }

    private void awaitTold(String id, String uri, int version) {
        soon().until(() -> {
            if (uri.startsWith("direct:")) {
                producer.sendBody(uri, "ask");
            } else if (uri.startsWith("seda:")) {
                SedaEndpoint queue = camel.getEndpoint(uri, SedaEndpoint.class);
                queue.getQueue().add(queue.createExchange());
            } else if (uri.startsWith("file:")) {
                Path inbox = Files.createDirectories(Path.of("target", id)); // the route may not have begun yet
                Files.writeString(inbox.resolve(UUID.randomUUID() + ".txt"), "ask");
            }
            List<Exchange> all = List.copyOf(heard(id).getExchanges());
            return !all.isEmpty()
                    && all.getLast().getMessage().getBody(String.class).equals("v" + version);
        });
    }

    private static int names(String part) throws Exception {
        return (int)
                ManagementFactory.getPlatformMBeanServer()
                        .queryNames(new ObjectName("org.apache.camel:*"), null)
                        .stream()
                        .filter(name -> !"threadpools".equals(name.getKeyProperty("type")))
                        .filter(name -> !name.getKeyProperty("name").contains("mock:"))
                        .filter(name -> name.getKeyProperty("name").contains(part))
                        .count();
    }
}
