package io.drover.intake;

import io.drover.journal.KeyOwner;
import io.drover.journal.SetAside;
import io.drover.route.RouteIds;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.component.kafka.KafkaComponent;
import org.apache.camel.component.kafka.KafkaEndpoint;
import org.apache.camel.model.RouteDefinition;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Records: {@link KafkaIntake} commits them when their tasks are durable, and {@link KafkaPause} pauses their consumers. */
@Component
final class KafkaTrigger implements Trigger {

    private static final Pattern GROUP = Pattern.compile("[?&]groupId=");

    @Override
    public boolean isOf(String scheme) {
        return scheme.equals("kafka");
    }

    /** Gives the route a consumer group of its own: triggers in one group would be disturbed by each other's topics. */
    @Override
    public void dress(RouteDefinition route, String uri) {
        if (route.getId() != null && !GROUP.matcher(uri).find()) {
            KafkaComponent kafka = route.getCamelContext().getComponent("kafka", KafkaComponent.class);
            String prefix = GroupOffsets.prefix(kafka.getConfiguration());
            String group = URLEncoder.encode(
                    GroupOffsets.own(prefix, RouteIds.logical(route.getId())), StandardCharsets.UTF_8);
            String given = route.getInput().getUri();
            route.getInput().setUri(given + (given.contains("?") ? "&" : "?") + "groupId=" + group);
        }
    }

    @Override
    public TriggerEvent event(String scheme, Exchange exchange) {
        String route = RouteIds.logical(exchange.getFromRouteId());
        return TriggerEvent.of(scheme, owner(exchange.getFromEndpoint(), route), identity(exchange));
    }

    /** A topic's position names a record whatever trigger reads it, unless the trigger names brokers of its own. */
    static String owner(Endpoint from, String route) {
        return from instanceof KafkaEndpoint kafka
                        && kafka.getConfiguration().getBrokers() != null
                        && !kafka.getConfiguration()
                                .getBrokers()
                                .equals(kafka.getComponent().getConfiguration().getBrokers())
                ? KeyOwner.EVENT + ":" + route
                : KeyOwner.EVENT;
    }

    private static @Nullable String identity(Exchange exchange) {
        SourceRecord record = SourceRecord.of(exchange);
        if (record == null) {
            return null;
        }
        SetAside.Position position = record.position();
        return "%s/%d/%d".formatted(position.topic(), position.partition(), position.offset());
    }
}
