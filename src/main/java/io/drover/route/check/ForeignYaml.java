package io.drover.route.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** A YAML document that is none of ours, read within the bounds of a route file: its length, its depth, its aliases. */
public final class ForeignYaml {

    private ForeignYaml() {}

    /** @throws IllegalArgumentException if it is no YAML, or more than the bounds allow */
    public static JsonNode json(String text) {
        try {
            Yaml root = Yaml.parse(text);
            return root == null ? NullNode.getInstance() : root.json();
        } catch (MarkedYamlEngineException e) {
            int line = e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(1);
            throw new IllegalArgumentException("line %d: %s".formatted(line, e.getProblem()), e);
        } catch (YamlEngineException e) {
            throw new IllegalArgumentException(
                    String.valueOf(e.getMessage()).lines().findFirst().orElse(""), e);
        }
    }
}
