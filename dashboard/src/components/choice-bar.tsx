/** One of a few, as pressed buttons. */
export function ChoiceBar<T extends string>({
  label,
  choices,
  chosen,
  onChoose,
}: {
  label: string;
  choices: Readonly<Record<T, string>>;
  chosen: T;
  onChoose: (choice: T) => void;
}) {
  return (
    <div class="choice-bar" role="group" aria-label={label}>
      {(Object.entries(choices) as [T, string][]).map(([choice, text]) => (
        <button key={choice} type="button" aria-pressed={choice === chosen} onClick={() => onChoose(choice)}>
          {text}
        </button>
      ))}
    </div>
  );
}
