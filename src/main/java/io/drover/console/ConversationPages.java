package io.drover.console;

import io.drover.api.ConversationController;
import io.drover.who.Actor;
import java.util.Map;
import java.util.UUID;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.servlet.ModelAndView;

/** What the agents of a task and their models said. */
@Controller
@ConditionalOnWebApplication
class ConversationPages {

    private final Frame frame;
    private final ConversationController conversations;

    ConversationPages(Frame frame, ConversationController conversations) {
        this.frame = frame;
        this.conversations = conversations;
    }

    @GetMapping("/console/tasks/{id}/conversations")
    ModelAndView all(@PathVariable UUID id, Actor actor) {
        return frame.page(
                "conversations",
                actor,
                Map.of("id", id, "conversations", conversations.list(id, actor).conversations()));
    }
}
