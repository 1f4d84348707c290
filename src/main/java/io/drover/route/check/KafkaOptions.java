package io.drover.route.check;

import org.jspecify.annotations.Nullable;

/** A Kafka trigger has no option by which records would be lost, and topics that can be. */
final class KafkaOptions implements Check {

    @Override
    public void check(RouteSource route, RouteSet routes, Findings findings) {
        EndpointUse from = route.from();
        if (from == null || !from.is("kafka")) {
            return;
        }
        for (EndpointUse.Option option : from.options()) {
            if (option.value().isScalar()) {
                String value = routes.settings.resolve(option.value().text());
                @Nullable String problem = TriggerOptions.problem(option.name(), value);
                if (problem != null) {
                    findings.add(route, option.line(), problem);
                }
            }
        }
        String topics = routes.settings.resolve(from.path());
        EndpointUse.Option pattern = from.option("topicIsPattern");
        boolean isPattern = pattern != null && !pattern.value().text().equals("false");
        @Nullable
        String problem = topics.contains("{{") || topics.isBlank() || isPattern ? null : TriggerOptions.topics(topics);
        if (problem != null) {
            findings.add(route, from.line(), problem);
        }
    }
}
