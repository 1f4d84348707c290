package io.drover.command;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Says why a word of a command line is not taken.
 * Picocli ends a list of values at the first word that is none, and says only that this word is unmatched.
 */
final class SurplusWords {

    private SurplusWords() {}

    static CommandLine on(CommandLine command) {
        IParameterExceptionHandler picocli = command.getParameterExceptionHandler();
        return command.setParameterExceptionHandler((wrong, words) -> picocli.handleParseException(told(wrong), words));
    }

    private static ParameterException told(ParameterException wrong) {
        String word = wrong instanceof UnmatchedArgumentException unmatched
                ? unmatched.getUnmatched().stream().findFirst().orElse("-")
                : "-";
        if (word.startsWith("-")) {
            return wrong; // of an unknown option Picocli knows the neighbours
        }
        CommandLine command = wrong.getCommandLine();
        return new ParameterException(
                command, why(command, word, ((UnmatchedArgumentException) wrong).getSuggestions()));
    }

    private static String why(CommandLine command, String word, List<String> near) {
        CommandSpec spec = command.getCommandSpec();
        if (!command.getSubcommands().isEmpty()) {
            return "'%s' is no command%s"
                    .formatted(word, near.isEmpty() ? "" : "; did you mean " + String.join(" or ", near) + "?");
        }
        List<PositionalParamSpec> taken = spec.positionalParameters();
        for (PositionalParamSpec parameter : taken) {
            String refused = parameter.arity().isVariable() ? refused(command, parameter, word) : null;
            if (refused != null) {
                return "Invalid value for positional parameter (%s): %s".formatted(parameter.paramLabel(), refused);
            }
        }
        return "'%s' is one word too many: `%s` takes %s"
                .formatted(
                        word,
                        spec.name(),
                        taken.isEmpty()
                                ? "options only"
                                : taken.stream().map(ArgSpec::paramLabel).collect(Collectors.joining(" "))
                                        + " and options");
    }

    /** Why a word is no value of a parameter, or null. */
    private static @Nullable String refused(CommandLine command, ArgSpec parameter, String word) {
        ITypeConverter<?> converter = Converters.of(parameter.auxiliaryTypes()[0]);
        try {
            if (converter != null) {
                converter.convert(word);
            }
            return null;
        } catch (TypeConversionException e) {
            return e.getMessage();
        } catch (Exception e) {
            throw new ParameterException(command, "%s: '%s'".formatted(parameter.paramLabel(), word), e);
        }
    }
}
