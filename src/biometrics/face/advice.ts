/** What the person before the camera can do, as a code and in words. */
export const ADVICE = {
  SHOW_FACE: 'Show your face to the camera.',
  BE_ALONE: 'Make sure that nobody else is in the picture.',
  HOLD_STILL: 'Hold still and let the camera focus.',
  LESS_NOISE: 'The picture is too noisy; use more light.',
  MORE_LIGHT: 'More light on your face.',
  LESS_LIGHT: 'Less light on your face.',
  EVEN_LIGHT: 'Use even light from the front.',
  CLEAN_LENS: 'Use even light from the front and clean the lens.',
  SOFT_LIGHT: 'Avoid hard light and deep shadow on your face.',
  MOVE_CLOSER: 'Move closer.',
  MOVE_BACK: 'Move back.',
  MOVE_TO_THE_MIDDLE: 'Move to the middle of the picture.',
  SHOW_WHOLE_FACE: 'Show your whole face.',
  LOOK_STRAIGHT: 'Look straight into the camera.',
  LEVEL_HEAD: 'Raise or lower your head to look straight into the camera.',
  HOLD_UPRIGHT: 'Hold your head upright.',
  OPEN_EYES: 'Open your eyes and take off dark glasses.',
  LOOK_STRAIGHT_IN_GOOD_LIGHT: 'Look straight into the camera, in good light.',
} as const;
export type Advice = keyof typeof ADVICE;
