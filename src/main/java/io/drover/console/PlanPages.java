package io.drover.console;

import io.drover.api.ExecuteController;
import io.drover.api.TaskController;
import io.drover.api.TaskInfo;
import io.drover.journal.Mode;
import io.drover.journal.TaskStatus;
import io.drover.who.Actor;
import io.drover.who.Role;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.servlet.ModelAndView;

/** The plan of a dry run is executed after a look at the calls that it holds. */
@Controller
@ConditionalOnWebApplication
class PlanPages {

    private final Frame frame;
    private final TaskController tasks;
    private final ExecuteController plans;

    PlanPages(Frame frame, TaskController tasks, ExecuteController plans) {
        this.frame = frame;
        this.tasks = tasks;
        this.plans = plans;
    }

    /** Whether the page of a task leads there. */
    static boolean mayExecute(TaskInfo task, Actor actor) {
        return mayExecute(actor)
                && task.mode().equals(Mode.DRY_RUN.word())
                && task.status() == TaskStatus.COMPLETED
                && task.parent() == null
                && task.executedBy() == null;
    }

    private static boolean mayExecute(Actor actor) {
        return actor.mayOperate() || actor.is(Role.APPROVER);
    }

    @GetMapping("/console/tasks/{id}/execute")
    ModelAndView preview(@PathVariable UUID id, Actor actor) {
        Map<String, Object> model = new HashMap<>();
        model.put("task", tasks.get(id, actor));
        model.put("plan", plans.preview(id, actor));
        model.put("mayExecute", mayExecute(actor));
        model.put("votes", actor.is(Role.APPROVER));
        return frame.page("execute", actor, model);
    }

    @PostMapping("/console/tasks/{id}/execute")
    String execute(@PathVariable UUID id, Actor actor) throws InterruptedException {
        UUID live = Objects.requireNonNull(plans.execute(id, actor).getBody()).id();
        return "redirect:/console/tasks/" + live + "?done=execute";
    }
}
