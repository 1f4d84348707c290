package io.drover.route;

import io.drover.route.check.EndpointUri;
import io.drover.route.check.RouteFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.dsl.yaml.YamlRoutesBuilderLoader;
import org.apache.camel.dsl.yaml.common.YamlDeserializationContext;
import org.apache.camel.dsl.yaml.common.exception.YamlDeserializationException;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.ResourceHelper;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.springframework.stereotype.Component;

/**
 * Camel's YAML loader, which joins an endpoint's parameters into a URI without encoding them. For our components the
 * values are plain text, so what would break a URI is escaped here and put back by the component ({@link PlainText}).
 */
@Component("routes-builder-loader-yaml")
class RouteYamlLoader extends YamlRoutesBuilderLoader {

    /** The parameter that holds the path, where the URI is the component's name alone, as Kaoto writes it. */
    private static final Map<String, String> PATHS =
            Map.of("task", "workflow", "tool", "name", "agent", "name", "signal", "name", "wait", "type");

    /** Builds the routes of a file that is parsed already. */
    RouteBuilder builder(RouteFile file) throws YamlDeserializationException {
        Resource resource = ResourceHelper.fromString(file.path().toString(), file.text());
        if (file.document() == null) {
            throw new YamlDeserializationException("the file is empty");
        }
        LoadSettings settings =
                LoadSettings.builder().setLabel(resource.getLocation()).build();
        return builder(newYamlDeserializationContext(settings, resource), file.document());
    }

    @Override
    protected RouteBuilder builder(YamlDeserializationContext context, Node root) {
        return super.builder(context, encoded(root));
    }

    private static Node encoded(Node node) {
        if (node instanceof SequenceNode sequence) {
            return new SequenceNode(
                    sequence.getTag(),
                    true,
                    sequence.getValue().stream().map(RouteYamlLoader::encoded).toList(),
                    sequence.getFlowStyle(),
                    sequence.getStartMark(),
                    sequence.getEndMark());
        }
        if (node instanceof MappingNode written) {
            boolean ours = isOurs(written);
            MappingNode mapping = ours ? withPath(written) : written;
            List<NodeTuple> members = new ArrayList<>();
            for (NodeTuple member : mapping.getValue()) {
                boolean parameters = ours && text(member.getKeyNode()).equals("parameters");
                Node value = member.getValueNode();
                members.add(new NodeTuple(
                        member.getKeyNode(),
                        parameters && value instanceof MappingNode values ? encodedValues(values) : encoded(value)));
            }
            return copy(mapping, members);
        }
        return node;
    }

    /** The same endpoint with its path in the URI. */
    private static MappingNode withPath(MappingNode endpoint) {
        String component = text(member(endpoint, "uri"));
        String option = PATHS.get(component);
        Node path = member(endpoint, "parameters") instanceof MappingNode parameters && option != null
                ? member(parameters, option)
                : null;
        if (path == null) {
            return endpoint;
        }
        List<NodeTuple> members = new ArrayList<>();
        for (NodeTuple member : endpoint.getValue()) {
            Node value = member.getValueNode();
            Node changed = value;
            if (text(member.getKeyNode()).equals("uri") && value instanceof ScalarNode scalar) {
                changed = scalar(scalar, component + ":" + text(path));
            } else if (text(member.getKeyNode()).equals("parameters") && value instanceof MappingNode parameters) {
                changed = copy(
                        parameters,
                        parameters.getValue().stream()
                                .filter(parameter ->
                                        !text(parameter.getKeyNode()).equals(option))
                                .toList());
            }
            members.add(new NodeTuple(member.getKeyNode(), changed));
        }
        return copy(endpoint, members);
    }

    private static @Nullable Node member(MappingNode mapping, String name) {
        return mapping.getValue().stream()
                .filter(member -> text(member.getKeyNode()).equals(name))
                .map(NodeTuple::getValueNode)
                .findFirst()
                .orElse(null);
    }

    private static boolean isOurs(MappingNode mapping) {
        return mapping.getValue().stream()
                .filter(member -> text(member.getKeyNode()).equals("uri"))
                .map(member -> text(member.getValueNode()))
                .anyMatch(uri -> PATHS.containsKey(EndpointUri.of(uri).component()));
    }

    private static MappingNode encodedValues(MappingNode parameters) {
        return copy(
                parameters,
                parameters.getValue().stream()
                        .map(member -> new NodeTuple(member.getKeyNode(), encodedScalar(member.getValueNode())))
                        .toList());
    }

    private static Node encodedScalar(Node value) {
        return value instanceof ScalarNode scalar ? scalar(scalar, PlainText.escape(scalar.getValue())) : value;
    }

    private static ScalarNode scalar(ScalarNode place, String text) {
        return new ScalarNode(
                place.getTag(), true, text, place.getScalarStyle(), place.getStartMark(), place.getEndMark());
    }

    private static MappingNode copy(MappingNode mapping, List<NodeTuple> members) {
        return new MappingNode(
                mapping.getTag(), true, members, mapping.getFlowStyle(), mapping.getStartMark(), mapping.getEndMark());
    }

    private static String text(@Nullable Node node) {
        return node instanceof ScalarNode scalar ? scalar.getValue() : "";
    }
}
