package io.drover.component;

import io.drover.journal.Mode;
import io.drover.json.Redaction;
import io.drover.task.WorkerKind;
import io.drover.task.WorkflowSpec;
import java.time.Duration;
import org.apache.camel.Consumer;
import org.apache.camel.MultipleConsumersSupport;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriPath;
import org.apache.camel.support.DefaultEndpoint;
import org.jspecify.annotations.Nullable;

/** Defines a workflow of durable tasks, or submits a task to one. */
@Metadata(description = "Defines a workflow of durable tasks, or submits a task to one.")
@UriEndpoint(
        firstVersion = "0.1.0",
        scheme = "task",
        title = "Task",
        syntax = "task:workflow",
        category = {org.apache.camel.Category.WORKFLOW})
public class TaskEndpoint extends DefaultEndpoint implements MultipleConsumersSupport {

    @UriPath(description = "Name of the workflow.")
    private final String workflow;

    @UriParam(
            description =
                    "The version of the workflow that the route defines, from 1 (1 if not set), or that the submitted task gets: the highest if not set.")
    private @Nullable Integer version;

    @UriParam(
            label = "consumer",
            defaultValue = "5",
            description = "The number of failed attempts after which the task is dead.")
    private int maxAttempts = 5;

    @UriParam(label = "consumer", defaultValue = "15m", description = "For one attempt.")
    private Duration timeout = Duration.ofMinutes(15);

    @UriParam(label = "consumer", defaultValue = "1000", description = "Concurrent attempts in one process.")
    private int concurrency = 1000;

    @UriParam(
            label = "consumer",
            defaultValue = "1s",
            description = "The wait before the second attempt; doubles with each, up to 10m.")
    private Duration backoff = Duration.ofSeconds(1);

    @UriParam(
            label = "consumer",
            defaultValue = "process",
            enums = "process,job",
            description =
                    "process: any worker process works on its tasks. job: a Kubernetes Job works on them, if a dispatcher creates Jobs.")
    private WorkerKind worker = WorkerKind.PROCESS;

    @UriParam(
            label = "consumer",
            description = "A JSON Schema for the input: a file below routes/, or the schema itself.")
    private @Nullable String inputSchema;

    @UriParam(
            label = "consumer",
            description =
                    "A tool, as in tool:notify, that is called when a task has ended, or waits for a person's decision.")
    private @Nullable String onEnd;

    @UriParam(
            label = "consumer",
            description =
                    "Fields that are never stored of the output, nor of the input once the task has ended, as in card.number, customer.email.")
    private @Nullable String redact;

    @UriParam(
            description =
                    "0 to 9, 9 is claimed first; for the workflow's tasks (4 if not set), or for the submitted task.")
    private @Nullable Integer priority;

    @UriParam(
            label = "producer",
            description = "The idempotency key, in the Simple language: the same workflow and key are the same task.")
    private @Nullable String key;

    @UriParam(
            label = "producer",
            enums = "live,dry-run",
            description =
                    "live, or dry-run: nothing is called but tools that only read, and models. A task of a dry run submits dry runs. The default is drover.mode.")
    private @Nullable String mode;

    @UriParam(label = "producer", description = "How long the task waits before it is due.")
    private @Nullable Duration delay;

    @UriParam(
            label = "producer",
            description =
                    "Whether the submitting task waits until this one has ended; the new body is its output, or the list of outputs.")
    private boolean await;

    @UriParam(
            label = "producer",
            description = "With await: the child goes on when the task that awaits it is cancelled.")
    private boolean orphan;

    @UriParam(
            label = "producer",
            description =
                    "With await: the key is that of the whole workflow, so an existing task is awaited, and it is never cancelled with the one that awaits it.")
    private boolean shared;

    @UriParam(
            label = "producer",
            defaultValue = "all",
            enums = "all",
            description = "With await: the task goes on when all of the children have ended.")
    private String joinWhen = "all";

    TaskEndpoint(String uri, TaskComponent component, String workflow) {
        super(uri, component);
        this.workflow = workflow;
    }

    @Override
    public Producer createProducer() {
        String task = "task:%s: ".formatted(workflow);
        WorkflowSpec.PRIORITY.check(task + "priority", priority);
        WorkflowSpec.DELAY.check(task + "delay", delay);
        WorkflowSpec.VERSION.check(task + "version", version);
        if (mode != null && Mode.asked(mode) == null) {
            throw new IllegalArgumentException("%smode (%s) must be live or dry-run".formatted(task, mode));
        }
        if (await) {
            AwaitOptions.check(this);
            return new AwaitProducer(this);
        }
        AwaitOptions.checkWithout(this);
        return new TaskProducer(this);
    }

    @Override
    public Consumer createConsumer(Processor processor) throws Exception {
        TaskConsumer consumer = new TaskConsumer(this, processor);
        configureConsumer(consumer);
        return consumer;
    }

    @Override
    public TaskComponent getComponent() {
        return (TaskComponent) super.getComponent();
    }

    /** Two versions of a route stand side by side until the last attempt of the older one has ended. */
    @Override
    public boolean isMultipleConsumersSupported() {
        return true;
    }

    @Override
    public boolean isSingletonProducer() {
        return true;
    }

    WorkflowSpec spec() {
        return new WorkflowSpec(
                workflow,
                version == null ? 1 : version,
                maxAttempts,
                timeout,
                concurrency,
                backoff,
                priority == null ? 4 : priority,
                worker,
                inputSchema == null ? null : getComponent().files.schema(inputSchema),
                onEnd,
                redaction());
    }

    private Redaction redaction() {
        String problem = redact == null || redact.isBlank()
                ? null
                : Redaction.problem("task:%s: redact".formatted(workflow), redact);
        if (problem != null) {
            throw new IllegalArgumentException(problem);
        }
        return Redaction.of(redact);
    }

    public String getWorkflow() {
        return workflow;
    }

    @Nullable
    String key() {
        return key;
    }

    @Nullable
    Integer priority() {
        return priority;
    }

    @Nullable
    Integer version() {
        return version;
    }

    @Nullable
    Mode mode() {
        return mode == null ? null : Mode.asked(mode);
    }

    Duration delay() {
        return delay == null ? Duration.ZERO : delay;
    }

    boolean isAwait() {
        return await;
    }

    boolean isOrphan() {
        return orphan;
    }

    boolean isShared() {
        return shared;
    }

    String joinWhen() {
        return joinWhen;
    }

    public void setAwait(boolean await) {
        this.await = await;
    }

    public void setOrphan(boolean orphan) {
        this.orphan = orphan;
    }

    public void setShared(boolean shared) {
        this.shared = shared;
    }

    public void setJoinWhen(String joinWhen) {
        this.joinWhen = joinWhen;
    }

    public void setMaxAttempts(int maxAttempts) {
        this.maxAttempts = maxAttempts;
    }

    public void setTimeout(Duration timeout) {
        this.timeout = timeout;
    }

    public void setConcurrency(int concurrency) {
        this.concurrency = concurrency;
    }

    public void setBackoff(Duration backoff) {
        this.backoff = backoff;
    }

    public void setWorker(WorkerKind worker) {
        this.worker = worker;
    }

    public void setInputSchema(String inputSchema) {
        this.inputSchema = inputSchema;
    }

    public void setOnEnd(String onEnd) {
        this.onEnd = onEnd;
    }

    public void setRedact(String redact) {
        this.redact = redact;
    }

    public void setPriority(Integer priority) {
        this.priority = priority;
    }

    public void setKey(String key) {
        this.key = key;
    }

    public void setMode(String mode) {
        this.mode = mode;
    }

    public void setVersion(Integer version) {
        this.version = version;
    }

    public void setDelay(Duration delay) {
        this.delay = delay;
    }
}
