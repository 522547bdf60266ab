console.log('Select headline from notes to begin')
throw new Error('Update notes, set them aside and delete what is left')
