package io.drover.route;

import io.drover.route.check.EndpointUri;
import io.drover.route.check.RouteFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.dsl.yaml.YamlRoutesBuilderLoader;
import org.apache.camel.dsl.yaml.common.YamlDeserializationContext;
import org.apache.camel.dsl.yaml.common.exception.YamlDeserializationException;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.ResourceHelper;
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

    private static final Set<String> SCHEMES = Set.of("task", "tool", "agent");

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
        if (node instanceof MappingNode mapping) {
            boolean ours = isOurs(mapping);
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

    private static boolean isOurs(MappingNode mapping) {
        return mapping.getValue().stream()
                .filter(member -> text(member.getKeyNode()).equals("uri"))
                .map(member -> text(member.getValueNode()))
                .anyMatch(uri -> SCHEMES.contains(EndpointUri.of(uri).component()));
    }

    private static MappingNode encodedValues(MappingNode parameters) {
        return copy(
                parameters,
                parameters.getValue().stream()
                        .map(member -> new NodeTuple(member.getKeyNode(), encodedScalar(member.getValueNode())))
                        .toList());
    }

    private static Node encodedScalar(Node value) {
        return value instanceof ScalarNode scalar
                ? new ScalarNode(
                        scalar.getTag(),
                        true,
                        PlainText.escape(scalar.getValue()),
                        scalar.getScalarStyle(),
                        scalar.getStartMark(),
                        scalar.getEndMark())
                : value;
    }

    private static MappingNode copy(MappingNode mapping, List<NodeTuple> members) {
        return new MappingNode(
                mapping.getTag(), true, members, mapping.getFlowStyle(), mapping.getStartMark(), mapping.getEndMark());
    }

    private static String text(Node node) {
        return node instanceof ScalarNode scalar ? scalar.getValue() : "";
    }
}
