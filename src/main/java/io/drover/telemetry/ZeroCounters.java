package io.drover.telemetry;

import io.drover.guard.ToolRegistry;
import io.drover.intake.KafkaTriggers;
import io.drover.task.WorkflowRegistry;
import org.springframework.stereotype.Component;

/**
 * Begins the counters of what is loaded at zero.
 * Prometheus sees no increase in a counter that appears with its first event, so an alert would miss the rare ones.
 */
@Component
class ZeroCounters implements Look {

    private final WorkflowRegistry workflows;
    private final ToolRegistry tools;
    private final KafkaTriggers triggers;
    private final TaskMeters taskMeters;
    private final ToolMeters toolMeters;
    private final IntakeMeters intakeMeters;
    private final EgressMeters egressMeters;

    ZeroCounters(
            WorkflowRegistry workflows,
            ToolRegistry tools,
            KafkaTriggers triggers,
            TaskMeters taskMeters,
            ToolMeters toolMeters,
            IntakeMeters intakeMeters,
            EgressMeters egressMeters) {
        this.workflows = workflows;
        this.tools = tools;
        this.triggers = triggers;
        this.taskMeters = taskMeters;
        this.toolMeters = toolMeters;
        this.intakeMeters = intakeMeters;
        this.egressMeters = egressMeters;
    }

    @Override
    public String what() {
        return "zeros";
    }

    @Override
    public void look() {
        workflows
                .versions()
                .forEach(workflow -> taskMeters.begin(workflow.spec().id()));
        tools.current().all().forEach((name, tool) -> {
            toolMeters.begin(name, tool.spec().fallback());
            egressMeters.begin(name);
        });
        triggers.triggers().forEach(trigger -> trigger.topics().forEach(intakeMeters::begin));
    }
}
