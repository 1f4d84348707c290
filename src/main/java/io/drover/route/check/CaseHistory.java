package io.drover.route.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.drover.rules.TaskHistory;
import java.math.BigDecimal;
import java.util.Collection;
import java.util.List;

/** What the task of an example has done before. */
final class CaseHistory implements TaskHistory {

    private final Yaml example;

    CaseHistory(Yaml example) {
        this.example = example;
    }

    static JsonNode arguments(Yaml call) {
        Yaml args = call.get("args");
        return args == null ? JsonNodeFactory.instance.objectNode() : args.json();
    }

    @Override
    public BigDecimal cost() {
        return example.get("cost") == null ? BigDecimal.ZERO : new BigDecimal(example.text("cost"));
    }

    @Override
    public Collection<Earlier> calls(String tool) {
        Yaml history = example.get("history");
        return history == null
                ? List.of()
                : history.items().stream()
                        .filter(call -> call.text("tool").equals(tool))
                        .map(call -> new Earlier(() -> arguments(call), false))
                        .toList();
    }
}
