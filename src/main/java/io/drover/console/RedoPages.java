package io.drover.console;

import io.drover.api.DecisionController;
import io.drover.api.RedoController;
import io.drover.api.TaskController;
import io.drover.who.Actor;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.ModelAndView;

/** A dead task is redone after a look at what that would forget. */
@Controller
@ConditionalOnWebApplication
class RedoPages {

    private final Frame frame;
    private final TaskController tasks;
    private final RedoController redo;
    private final DecisionController decisions;

    RedoPages(Frame frame, TaskController tasks, RedoController redo, DecisionController decisions) {
        this.frame = frame;
        this.tasks = tasks;
        this.redo = redo;
        this.decisions = decisions;
    }

    @GetMapping("/console/tasks/{id}/redo")
    ModelAndView preview(@PathVariable UUID id, @RequestParam int from, Actor actor) {
        Map<String, Object> model = new HashMap<>();
        model.put("task", tasks.get(id, actor));
        model.put("preview", redo.preview(id, from, actor));
        return frame.page("redo", actor, model);
    }

    @PostMapping("/console/tasks/{id}/redo")
    String redo(@PathVariable UUID id, @RequestParam int from, Actor actor) {
        decisions.retry(id, from, actor);
        return "redirect:/console/tasks/" + id + "?done=redo";
    }
}
