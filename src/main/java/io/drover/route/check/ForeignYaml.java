package io.drover.route.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** A YAML document that is none of ours, read within the bounds of a route file: its length, its depth, its aliases. */
public final class ForeignYaml {

    private ForeignYaml() {}

    /**
     * A document whose parts know their lines.
     *
     * @param lines by JSON pointer (RFC 6901)
     */
    public record Located(JsonNode json, Map<String, Integer> lines) {

        /** The line of a place, or of the nearest one around it. */
        public int line(String pointer) {
            for (String at = pointer; !at.isEmpty(); at = at.substring(0, at.lastIndexOf('/'))) {
                Integer line = lines.get(at);
                if (line != null) {
                    return line;
                }
            }
            return 1;
        }
    }

    /** The same as {@link #json}, with the lines. */
    public static Located located(String text) {
        Map<String, Integer> lines = new HashMap<>();
        Yaml root = root(text);
        if (root != null) {
            locate(root, "", lines);
        }
        return new Located(root == null ? NullNode.getInstance() : root.json(), lines);
    }

    private static void locate(Yaml node, String pointer, Map<String, Integer> lines) {
        lines.put(pointer, node.line());
        for (Yaml.Member member : node.members()) {
            String name = member.name().replace("~", "~0").replace("/", "~1");
            locate(member.value(), pointer + "/" + name, lines);
            lines.put(pointer + "/" + name, member.key().line());
        }
        List<Yaml> items = node.items();
        for (int i = 0; i < items.size(); i++) {
            locate(items.get(i), pointer + "/" + i, lines);
        }
    }

    /** @throws IllegalArgumentException if it is no YAML, or more than the bounds allow */
    public static JsonNode json(String text) {
        Yaml root = root(text);
        return root == null ? NullNode.getInstance() : root.json();
    }

    private static @Nullable Yaml root(String text) {
        try {
            return Yaml.parse(text);
        } catch (MarkedYamlEngineException e) {
            int line = e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(1);
            throw new IllegalArgumentException("line %d: %s".formatted(line, e.getProblem()), e);
        } catch (YamlEngineException e) {
            throw new IllegalArgumentException(
                    String.valueOf(e.getMessage()).lines().findFirst().orElse(""), e);
        }
    }
}
