package io.drover.route.check;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A field that is read of an agent's answer is one that its output schema declares, where a variable received the answer. */
final class AnswerFields implements Check {

    private static final Pattern READ =
            Pattern.compile("(?:^|[(,])\\s*variable(?:\\.|\\[)['\"]?([\\w-]+)['\"]?]?((?:\\??\\[[^\\[\\]]*])++)");

    private final SchemaFields fields;

    /** @param certain as {@link SchemaFields} means it */
    AnswerFields(boolean certain) {
        this.fields = new SchemaFields(certain);
    }

    @Override
    public void check(RouteSource route, RouteSet routes, Findings findings) {
        Map<String, JsonNode> answers = answers(route, routes);
        if (answers.isEmpty()) {
            return;
        }
        for (SimpleText simple : SimpleText.of(route)) {
            for (SimpleFunctions.Function function :
                    SimpleFunctions.of(simple.text().text())) {
                Matcher read = READ.matcher(function.text());
                while (read.find()) {
                    JsonNode schema = answers.get(read.group(1));
                    if (schema != null) {
                        String what = "answer '%s'".formatted(read.group(1));
                        int line = simple.text().line(function.offset());
                        fields.check(route, line, what, read.group(2), schema, findings);
                    }
                }
            }
        }
    }

    /** The schemas of the variables that hold nothing but the answer of one agent. */
    private static Map<String, JsonNode> answers(RouteSource route, RouteSet routes) {
        Map<String, JsonNode> answers = new HashMap<>();
        Set<String> set = new HashSet<>();
        for (Element element : route.elements()) {
            String received = element.type().equals(CamelModel.PLAIN) ? "" : element.text("variableReceive");
            String name = received.isEmpty() && isSetVariable(element) ? element.text("name") : received;
            JsonNode schema = received.isEmpty() ? null : schema(element, routes);
            if (!name.isEmpty() && !set.add(name)) {
                answers.remove(name);
            } else if (schema != null) {
                answers.put(name, schema);
            }
        }
        return answers;
    }

    private static boolean isSetVariable(Element element) {
        return element.name().equals("setVariable") || element.type().endsWith(".SetVariableDefinition");
    }

    private static @Nullable JsonNode schema(Element step, RouteSet routes) {
        Yaml uri = step.get("uri");
        if (!step.name().equals("to") || uri == null) {
            return null;
        }
        EndpointUse agent = EndpointUse.of("to", uri, step.get("parameters"));
        String reference = agent.is("agent") ? routes.settings.resolve(agent.value("outputSchema")) : "";
        try {
            return reference.isEmpty() ? null : routes.schemas.schema(reference).schema();
        } catch (IllegalArgumentException e) {
            return null; // another check says what is wrong with it
        }
    }
}
