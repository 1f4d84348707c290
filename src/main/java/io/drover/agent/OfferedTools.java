package io.drover.agent;

import io.drover.guard.GuardedTool;
import io.drover.guard.TaskContext;
import io.drover.guard.ToolCallException;
import io.drover.guard.ToolCalls;
import io.drover.memory.MemoryTool;
import io.drover.tool.ToolOutcome;
import io.drover.tool.ToolSpec;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The tools that an agent is offered, as they are in this attempt.
 * They are the tools with one of its tags that the task's workflow may call, and the functions of its long memory.
 * A tool that redacts fields is none of them: what a model asks for is recorded.
 */
final class OfferedTools {

    private static final Map<MemoryTool, String> MEMORY = Map.of(
            MemoryTool.RECALL,
            "Look for what was remembered in earlier conversations with the same person or customer, by meaning.",
            MemoryTool.REMEMBER,
            "Keep a fact about the person or customer for later conversations, in one sentence that is understood"
                    + " without this one. Only what stays true and will be of use.");

    private final TaskContext context;
    private final ToolCalls calls;

    OfferedTools(TaskContext context, ToolCalls calls) {
        this.context = context;
        this.calls = calls;
    }

    /**
     * The functions of an agent, by the name that its model calls them by.
     *
     * @param memory the key of its long memory, or null for none
     */
    SortedMap<String, Function> to(AgentSpec agent, @Nullable String memory) throws ToolCallException {
        SortedMap<String, Function> functions = new TreeMap<>();
        for (GuardedTool tool : context.tools().all().values()) {
            ToolSpec spec = tool.spec();
            if (!Collections.disjoint(spec.tags(), agent.tools())
                    && spec.redaction().isNone()
                    && calls.isAllowed(context, spec)) {
                functions.put(spec.name(), of(spec));
            }
        }
        if (memory != null) {
            offerMemory(agent, memory, functions);
        }
        return functions;
    }

    private void offerMemory(AgentSpec agent, String key, SortedMap<String, Function> functions)
            throws ToolCallException {
        for (MemoryTool memory : MEMORY.keySet()) {
            GuardedTool tool = context.tools().get(memory.toolName());
            if (tool == null || !calls.isAllowed(context, tool.spec())) {
                continue;
            }
            Function before = functions.put(memory.functionName(), of(memory, key));
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

    /** What a function has become; null where its tool is not there. */
    @Nullable
    Function now(String name, Function then) {
        GuardedTool tool = context.tools().get(then.tool());
        if (tool == null) {
            return null;
        }
        return then.key() == null ? of(tool.spec()) : then(name, then.key());
    }

    /** A function as an agent had it that had the long memory of this key. */
    static Function then(String name, String key) {
        return MEMORY.keySet().stream()
                .filter(memory -> memory.functionName().equals(name))
                .findFirst()
                .map(memory -> of(memory, key))
                .orElseGet(() -> Function.named(name));
    }

    private static Function of(ToolSpec tool) {
        return new Function(tool.name(), tool.description(), tool.arguments().schema(), null);
    }

    private static Function of(MemoryTool memory, String key) {
        return new Function(
                memory.toolName(),
                String.valueOf(MEMORY.get(memory)),
                memory.argumentsWithoutKey().schema(),
                key);
    }
}
