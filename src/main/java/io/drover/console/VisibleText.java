package io.drover.console;

import java.util.Set;
import java.util.function.IntPredicate;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.stereotype.Component;
import org.thymeleaf.dialect.AbstractDialect;
import org.thymeleaf.dialect.IPostProcessorDialect;
import org.thymeleaf.engine.AbstractTemplateHandler;
import org.thymeleaf.model.IText;
import org.thymeleaf.postprocessor.IPostProcessor;
import org.thymeleaf.postprocessor.PostProcessor;
import org.thymeleaf.templatemode.TemplateMode;

/**
 * Shows characters that are seen as nothing, or that turn the text around them, by their code: a key that holds one would
 * look like another (Unicode Technical Report 36, section 2.5). It holds for every text of every page.
 */
@Component
@ConditionalOnWebApplication
class VisibleText extends AbstractDialect implements IPostProcessorDialect {

    private static final int ZERO_WIDTH_JOINER = 0x200d; // it makes one picture of several

    VisibleText() {
        super("visible text");
    }

    @Override
    public int getDialectPostProcessorPrecedence() {
        return 1_000;
    }

    @Override
    public Set<IPostProcessor> getPostProcessors() {
        return Set.of(new PostProcessor(TemplateMode.HTML, Handler.class, 1_000));
    }

    /** Thymeleaf makes one for each page. */
    public static final class Handler extends AbstractTemplateHandler {

        @Override
        public void handleText(IText text) {
            String shown = visible(text.getText());
            super.handleText(
                    shown.equals(text.getText())
                            ? text
                            : getContext().getModelFactory().createText(shown));
        }
    }

    static String visible(String text) {
        IntPredicate hidden = c -> Character.getType(c) == Character.FORMAT && c != ZERO_WIDTH_JOINER;
        if (text.codePoints().noneMatch(hidden)) {
            return text;
        }
        StringBuilder shown = new StringBuilder();
        text.codePoints().forEach(c -> {
            if (hidden.test(c)) {
                shown.append("[U+%04X]".formatted(c));
            } else {
                shown.appendCodePoint(c);
            }
        });
        return shown.toString();
    }
}
