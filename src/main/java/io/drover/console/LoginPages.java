package io.drover.console;

import io.drover.who.Actor;
import java.util.Map;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.servlet.ModelAndView;

/** What people see who have logged out. */
@Controller
@ConditionalOnWebApplication
class LoginPages {

    private final Frame frame;

    LoginPages(Frame frame) {
        this.frame = frame;
    }

    @GetMapping("/console/logged-out")
    ModelAndView loggedOut() {
        return frame.page("logged-out", Actor.NOBODY, Map.of());
    }
}
