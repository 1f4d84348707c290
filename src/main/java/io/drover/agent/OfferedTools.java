package io.drover.agent;

import io.drover.guard.GuardedTool;
import io.drover.guard.TaskContext;
import io.drover.guard.ToolCallException;
import io.drover.guard.ToolCalls;
import io.drover.json.Json;
import io.drover.memory.MemoryTool;
import io.drover.model.Prompt;
import io.drover.tool.ToolOutcome;
import io.drover.tool.ToolSpec;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The tools that an agent is offered, as they are in this attempt.
 * They are the tools with one of its tags that the task's workflow may call, and the functions of its long memory.
 */
final class OfferedTools {

    private static final Map<MemoryTool, String> MEMORY = Map.of(
            MemoryTool.RECALL,
            "Look for what was remembered in earlier conversations with the same person or customer, by meaning.",
            MemoryTool.REMEMBER,
            "Keep a fact about the person or customer for later conversations, in one sentence that is understood"
                    + " without this one. Only what stays true and will be of use.");

    private final SortedMap<String, Function> functions = new TreeMap<>();

    /** @param memory the key of its long memory, or null for none */
    OfferedTools(TaskContext context, ToolCalls calls, AgentSpec agent, @Nullable String memory)
            throws ToolCallException {
        for (GuardedTool tool : context.tools().all().values()) {
            ToolSpec spec = tool.spec();
            if (!Collections.disjoint(spec.tags(), agent.tools()) && calls.isAllowed(context, spec)) {
                functions.put(spec.name(), new Function(spec.name(), spec.description(), spec.arguments(), null));
            }
        }
        if (memory != null) {
            offerMemory(context, calls, agent, memory);
        }
    }

    private void offerMemory(TaskContext context, ToolCalls calls, AgentSpec agent, String key)
            throws ToolCallException {
        for (Map.Entry<MemoryTool, String> offered : MEMORY.entrySet()) {
            MemoryTool memory = offered.getKey();
            GuardedTool tool = context.tools().get(memory.toolName());
            if (tool == null || !calls.isAllowed(context, tool.spec())) {
                continue;
            }
            Function before = functions.put(
                    memory.functionName(),
                    new Function(memory.toolName(), offered.getValue(), memory.argumentsWithoutKey(), key));
            if (before != null) {
                throw new ToolCallException(
                        before.tool(),
                        null,
                        new ToolOutcome.Refused(
                                "agent:%s has memory, which offers the model a function of this name; give the tool another name, or remove the tags %s from it"
                                        .formatted(agent.name(), agent.tools())));
            }
        }
    }

    /** A function as an agent had it that had the long memory of this key. */
    static Function then(String name, String key) {
        return MEMORY.keySet().stream()
                .filter(memory -> memory.functionName().equals(name))
                .findFirst()
                .map(memory -> new Function(memory.toolName(), "", memory.argumentsWithoutKey(), key))
                .orElseGet(() -> Function.named(name));
    }

    Set<String> names() {
        return functions.keySet();
    }

    @Nullable
    Function get(String name) {
        return functions.get(name);
    }

    /** As models are told about them. */
    List<Prompt.Tool> specifications() {
        return functions.entrySet().stream()
                .map(function -> new Prompt.Tool(
                        function.getKey(),
                        function.getValue().description(),
                        function.getValue().arguments().schema()))
                .toList();
    }

    /** All that models are told of them, in one spelling. */
    String fingerprint() {
        Map<String, Object> all = new LinkedHashMap<>();
        functions.forEach((name, function) -> all.put(
                name, List.of(function.description(), function.arguments().schema())));
        return Json.canonical(Json.tree(all));
    }
}
