import { Blend, Ease, type OwnFrequency, type Packed } from 'relearn/models';

/** EASE beside one's own habit: the first finds what is new to a person, the second what they come back for. */
export class EaseOwn extends Blend {
  readonly #ease: Ease;
  readonly #ownWeight: number;

  /** @param ownWeight what the habit counts beside EASE, both in standard deviations over the items. */
  constructor(ease: Ease, own: OwnFrequency, ownWeight: number) {
    super([
      { model: ease, weight: 1 },
      { model: own, weight: ownWeight },
    ]);
    this.#ease = ease;
    this.#ownWeight = ownWeight;
  }

  /** Which of some items speaks most for another; −1 where none does. */
  speaker(items: Int32Array, other: number): number {
    return this.#ease.speaker(items, other);
  }

  /** Without the habit, which is kept by whoever keeps this. */
  pack(): Readonly<Record<'ease' | 'blend', Packed>> {
    return { ease: this.#ease.pack(), blend: { settings: { ownWeight: this.#ownWeight }, columns: {} } };
  }

  static unpack({ ease, blend }: Readonly<Record<string, Packed>>, own: OwnFrequency): EaseOwn {
    return new EaseOwn(Ease.unpack(ease!), own, blend!.settings.ownWeight as number);
  }
}
