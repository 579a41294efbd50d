package hudson;

/** Stands for the class of the same name in Jenkins core. */
public abstract class AbstractMarkupText {
    public abstract String getText();

    public final int length() {
        return getText().length();
    }

    public abstract void addMarkup(int startPos, int endPos, String startTag, String endTag);
}
