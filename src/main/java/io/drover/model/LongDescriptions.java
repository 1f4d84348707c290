package io.drover.model;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Descriptions of tools for servers that refuse long ones: OpenAI refuses every question of an agent with such a tool.
 * A description begins at the tool and goes on in the system message, so that the model reads all of it.
 */
final class LongDescriptions {

    /** In characters of Unicode. */
    private static final int LONGEST = 1024;

    private static final String GOES_ON = " (goes on in the system message)";

    private LongDescriptions() {}

    /** The tools with descriptions that are short enough. */
    static List<Prompt.Tool> begun(List<Prompt.Tool> tools) {
        return tools.stream()
                .map(tool -> isLong(tool)
                        ? new Prompt.Tool(
                                tool.name(), tool.description().substring(0, end(tool)) + GOES_ON, tool.parameters())
                        : tool)
                .toList();
    }

    /** The conversation with what the descriptions of the tools leave out. */
    static List<Prompt.Message> told(List<Prompt.Message> messages, List<Prompt.Tool> tools) {
        String rest = tools.stream()
                .filter(LongDescriptions::isLong)
                .map(tool -> "# The description of the tool %s goes on\n\n%s"
                        .formatted(tool.name(), tool.description().substring(end(tool))))
                .collect(Collectors.joining("\n\n"));
        if (rest.isEmpty()) {
            return messages;
        }
        List<Prompt.Message> all = new ArrayList<>(messages);
        if (!all.isEmpty() && all.getFirst() instanceof Prompt.Message.System system) {
            all.set(0, new Prompt.Message.System(system.text() + "\n\n" + rest));
        } else {
            all.addFirst(new Prompt.Message.System(rest));
        }
        return all;
    }

    private static boolean isLong(Prompt.Tool tool) {
        return tool.description().codePointCount(0, tool.description().length()) > LONGEST;
    }

    private static int end(Prompt.Tool tool) {
        return tool.description().offsetByCodePoints(0, LONGEST - GOES_ON.length());
    }
}
