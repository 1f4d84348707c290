package io.drover.route;

import io.drover.route.check.Problem;
import io.drover.route.check.RouteFile;
import io.drover.route.check.RouteValidator;
import java.util.SortedSet;
import org.apache.camel.CamelContext;
import org.apache.camel.model.RouteDefinition;
import org.springframework.stereotype.Component;

/** Makes the definition of a route from its file, when the file passes the checks. */
@Component
class RouteDefinitions {

    private final CamelContext context;
    private final RouteYamlLoader loader;
    private final RouteValidator validator;
    private final RouteResources files;

    RouteDefinitions(CamelContext context, RouteYamlLoader loader, RouteValidator validator, RouteResources files) {
        this.context = context;
        this.loader = loader;
        this.validator = validator;
        this.files = files;
    }

    /** @throws RouteFileException when the file is not right; it says where and why */
    RouteDefinition of(RouteFile file) throws RouteFileException {
        SortedSet<Problem> problems = validator.problems(files.directory(), file);
        if (!problems.isEmpty()) {
            String more = problems.size() == 1 ? "" : " (and %d more)".formatted(problems.size() - 1);
            throw new RouteFileException(
                    problems.first().line(), problems.first().message() + more, null);
        }
        try {
            return loader.builder(file).configureRoutes(context).getRoutes().get(0);
        } catch (Exception e) {
            throw new RouteFileException(RouteErrors.line(e), RouteErrors.message(e), e);
        }
    }
}
