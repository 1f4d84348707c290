package io.drover.console;

import java.util.Set;
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

    private static final int ZERO_WIDTH_JOINER = 0x200d;

    /** Says that the character before it is shown as a picture. */
    private static final int PICTURE = 0xfe0f;

    /** Letters and signs without ink: those of Hangul, the grapheme joiner, the blank of Braille. */
    private static final String FILLERS = "\u115f\u1160\u3164\uffa0\u034f\u2800";

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
        int[] shown = text.codePoints().toArray();
        StringBuilder visible = new StringBuilder(text.length());
        for (int i = 0; i < shown.length; i++) {
            if (isUnseen(shown[i]) && !joins(shown, i)) {
                visible.append("[U+%04X]".formatted(shown[i]));
            } else {
                visible.appendCodePoint(shown[i]);
            }
        }
        return visible.toString();
    }

    private static boolean isUnseen(int c) {
        return switch (Character.getType(c)) {
            case Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> true;
            case Character.CONTROL -> c != '\n' && c != '\t' && c != '\r';
            default -> FILLERS.indexOf(c) >= 0;
        };
    }

    /** Whether it makes one picture of those beside it; between other characters it is seen as nothing. */
    private static boolean joins(int[] text, int i) {
        return text[i] == ZERO_WIDTH_JOINER
                && i > 0
                && i + 1 < text.length
                && Character.isExtendedPictographic(text[i + 1])
                && (Character.isExtendedPictographic(text[i - 1])
                        || Character.isEmojiModifier(text[i - 1])
                        || text[i - 1] == PICTURE);
    }
}
